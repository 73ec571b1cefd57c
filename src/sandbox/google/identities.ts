/** The OAuth client of gcloud, for which it makes the tokens of people. */
export const gcloudClientId = "32555940559.apps.googleusercontent.com";

/** The project in which the metadata server stands. */
export const project = { id: "sandbox-project", number: "123456789012", region: "us-central1" } as const;

/** The service account that the metadata server and the key file speak for. */
export const serviceAccount = {
  email: `sandbox@${project.id}.iam.gserviceaccount.com`,
  uniqueId: "112233445566778899001",
} as const;

/** The person whom the refresh token speaks for. */
export const person = {
  email: "ann@example.com",
  uniqueId: "100000000000000000001",
  refreshToken: "1//sandbox-refresh-token",
  clientSecret: "sandbox-gcloud-secret",
} as const;

export const emailScope = "https://www.googleapis.com/auth/userinfo.email";
export const cloudScope = "https://www.googleapis.com/auth/cloud-platform";
