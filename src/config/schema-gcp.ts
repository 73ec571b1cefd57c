/** What can be said about Google Cloud: where the service runs, and which resource each dependency is. */
import * as v from "valibot";
import { GCP_APIS } from "../../services/gcp/apis.ts";
import { MAPPING, about, name, text } from "./values.ts";

const project = name(
  "The project of the environment.",
  /^[a-z][a-z\d-]{4,28}[a-z\d]$/,
  "the id of a project: 6 to 30 lower-case letters, digits and `-`",
  "the variable `GOOGLE_CLOUD_PROJECT`, else what the metadata server says",
);

const region = name(
  "The region of the service.",
  /^[a-z]+-[a-z]+\d{1,2}$/,
  "a region such as `us-central1`",
  "what the metadata server says",
);

const RESOURCE = /^[a-z]([a-z\d-]{0,62}[a-z\d])?$/;
const RESOURCE_EXPECTED = "lower-case letters, digits and `-`, a letter first, 63 at most";

const resource = (meaning: string, fallback?: string) => name(meaning, RESOURCE, RESOURCE_EXPECTED, fallback);

const dependencySchema = v.strictObject(
  {
    sql: v.optional(
      name(
        "The Cloud SQL instance that it is.",
        /^(?:[a-z\d.-]+:)?[a-z][a-z\d-]{4,28}[a-z\d]:[a-z]+-[a-z]+\d{1,2}:[a-z][a-z\d-]{0,96}$/,
        "a connection name: `project:region:instance`",
      ),
    ),
    memorystore: v.optional(
      name(
        "The Memorystore instance that it is.",
        /^(?:projects\/[a-z\d-]+\/locations\/[a-z\d-]+\/instances\/)?[a-z](?:[a-z\d-]{0,38}[a-z\d])?$/,
        "its name, or `projects/P/locations/R/instances/NAME` where it is elsewhere",
      ),
    ),
  },
  "a mapping with `sql` or `memorystore`",
);

const endpoint = (meaning: string) => v.optional(text(meaning));

const endpointEntries = Object.fromEntries(
  GCP_APIS.map((api) => [api, endpoint(`The base URL of \`${api}\`, on loopback.`)]),
) as Record<(typeof GCP_APIS)[number], ReturnType<typeof endpoint>>;

export const gcpSchema = v.strictObject(
  {
    project: v.optional(project),
    region: v.optional(region),
    service: v.optional(
      resource(
        "The Cloud Run service whose way to the dependencies is meant.",
        "the variable `K_SERVICE`, which Cloud Run sets",
      ),
    ),
    remediator: v.optional(
      name(
        "The service account that is impersonated for every change.",
        /^[a-z\d-]+@[a-z\d.:-]+\.gserviceaccount\.com$/,
        "the e-mail address of a service account",
        "nothing is changed",
      ),
    ),
    dependencies: v.optional(
      v.pipe(
        v.record(v.string(), dependencySchema, "a mapping of names of dependencies to resources"),
        v.description("Which resource each dependency is."),
        about({ type: "lists of resources by name", fallback: "none is known" }),
      ),
      {},
    ),
    network: v.optional(resource("The VPC network, by its short name."), "default"),
    subnet: v.optional(
      resource("The subnet in the region, for Direct VPC egress.", "the name of the network"),
    ),
    connector: v.optional(
      v.strictObject(
        {
          name: v.optional(
            name(
              "The Serverless VPC Access connector.",
              /^[a-z](?:[a-z\d-]{0,22}[a-z\d])?$/,
              "lower-case letters, digits and `-`, a letter first, 24 at most",
            ),
          ),
          range: v.optional(
            name(
              "A range of its own, used by nothing else.",
              /^\d{1,3}(?:\.\d{1,3}){3}\/28$/,
              "a /28 such as `10.8.0.0/28`",
            ),
          ),
        },
        MAPPING,
      ),
      {},
    ),
    endpoints: v.optional(
      v.strictObject(
        {
          all: endpoint("One base URL for all APIs, on loopback; each is at `/{api}` below it."),
          ...endpointEntries,
          iamcredentials: endpoint("The base URL of `iamcredentials`, on loopback."),
        },
        MAPPING,
      ),
      {},
    ),
  },
  MAPPING,
);

export type ParsedGcp = v.InferOutput<typeof gcpSchema>;
