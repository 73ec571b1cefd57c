/** A container of a Cloud Run template: image, variables, probes. */
import { type Fields, fieldsOf, flagOf, listOf, numberOf, present, textOf } from "./fields.ts";

export type RunVariable =
  /** `value` may be secret: never shown, journalled or logged. */
  | { readonly name: string; readonly kind: "plain"; readonly value: string }
  | { readonly name: string; readonly kind: "secret"; readonly secret: string; readonly version: string };

export interface RunProbe {
  readonly kind: "http" | "tcp" | "grpc" | "unknown";
  readonly path?: string;
  readonly port?: number;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface RunContainer {
  readonly name?: string;
  readonly image: string;
  readonly env: readonly RunVariable[];
  /** True: CPU only during requests; also what applies when nothing is said. */
  readonly cpuIdle: boolean;
  readonly ports: readonly number[];
  readonly startupProbe?: RunProbe;
  readonly livenessProbe?: RunProbe;
  readonly readinessProbe?: RunProbe;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export function parseContainer(fields: Fields): RunContainer {
  const resources = fieldsOf(fields["resources"]);
  return present({
    name: textOf(fields["name"]),
    image: textOf(fields["image"]) ?? "",
    env: listOf(fields["env"]).flatMap((each) => parseVariable(each) ?? []),
    // Without `resources` the API's default is true, with it false.
    cpuIdle: flagOf(resources["cpuIdle"]) ?? fields["resources"] === undefined,
    ports: listOf(fields["ports"]).flatMap((each) => numberOf(each["containerPort"]) ?? []),
    startupProbe: parseProbe(fields["startupProbe"]),
    livenessProbe: parseProbe(fields["livenessProbe"]),
    readinessProbe: parseProbe(fields["readinessProbe"]),
    volumeMounts: listOf(fields["volumeMounts"]).flatMap((each) => {
      const [name, mountPath] = [textOf(each["name"]), textOf(each["mountPath"])];
      return name === undefined || mountPath === undefined ? [] : [{ name, mountPath }];
    }),
  });
}

function parseVariable(fields: Fields): RunVariable | undefined {
  const name = textOf(fields["name"]);
  if (name === undefined) return undefined;
  const reference = fieldsOf(fieldsOf(fields["valueSource"])["secretKeyRef"]);
  const secret = textOf(reference["secret"]);
  if (secret !== undefined)
    return { name, kind: "secret", secret, version: textOf(reference["version"]) ?? "latest" };
  const value = fields["value"];
  return { name, kind: "plain", value: typeof value === "string" ? value : "" };
}

/** Times as the API fills them in. */
function parseProbe(value: unknown): RunProbe | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = fieldsOf(value);
  const { httpGet: http, tcpSocket: tcp, grpc } = fields;
  const action = fieldsOf(http ?? tcp ?? grpc);
  const kind = http ? "http" : tcp ? "tcp" : grpc ? "grpc" : "unknown";
  return present({
    kind,
    path: kind === "http" ? (textOf(action["path"]) ?? "/") : undefined,
    port: numberOf(action["port"]),
    initialDelaySeconds: numberOf(fields["initialDelaySeconds"]) ?? 0,
    periodSeconds: numberOf(fields["periodSeconds"]) ?? 10,
    timeoutSeconds: numberOf(fields["timeoutSeconds"]) ?? 1,
    failureThreshold: numberOf(fields["failureThreshold"]) ?? 3,
  });
}
