/** The one table of causes: why an observation is not `pass`, who can mend it and how. */

/** The causal checks of one dependency, in order. */
export const RUNGS = [
  "resolve",
  "connect",
  "secure",
  "authenticate",
  "authorize",
  "query",
  "assert",
] as const;
export type Rung = (typeof RUNGS)[number];

/** Who can mend it: the people to ask first. */
export type Owner =
  | "configuration"
  | "network"
  | "database"
  | "auth"
  | "platform"
  | "test-data"
  | "greenlight";

export interface CauseDefinition {
  readonly title: string;
  /** The rung this cause always breaks; without one, the rung at which it was met. */
  readonly rung?: Rung;
  /** May go away by itself: waiting is worthwhile. */
  readonly retryable: boolean;
  /** One observation proves it; otherwise a second try confirms it before the status changes. */
  readonly definite: boolean;
  /** Counts towards opening the breaker; a rejected login or a wrong setting does not. */
  readonly trips: boolean;
  /** Makes an observation `warn` instead of `fail`. */
  readonly warns?: true;
  readonly owner: Owner;
  readonly explanation: string;
  /** Next steps, best first; `{host}`, `{port}`, `{database}`, `{user}`, `{dependency}` are filled in. */
  readonly remedies: readonly string[];
}

const define = <const T extends Record<string, CauseDefinition>>(table: T): Readonly<T> => table;

export const CAUSES = define({
  DNS_NOT_FOUND: {
    title: "The host name does not exist",
    rung: "resolve",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The resolver answered that no such name exists. Waiting does not create it.",
    remedies: [
      "Compare the host {host} in the {dependency} URL with the name in the console; look for a typing slip.",
      "If it is a private name, run from inside the VPC: its private DNS zone is not visible from elsewhere.",
    ],
  },
  DNS_UNAVAILABLE: {
    title: "The resolver gave no answer",
    rung: "resolve",
    retryable: true,
    definite: false,
    trips: true,
    owner: "network",
    explanation:
      "The name server could not be asked, failed, or took longer than the resolve deadline; whether the name exists is unknown.",
    remedies: [
      "Check from the same machine: getent hosts {host}",
      "Check the name servers in /etc/resolv.conf, or the VPC's DNS policy.",
    ],
  },
  ADDRESS_FORBIDDEN: {
    title: "No probe may go to that address",
    rung: "resolve",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The name is, or leads to, a link-local, metadata or multicast address. The metadata server hands out this machine's credentials, so nothing asks it.",
    remedies: [
      "Put the address of the service itself in the configuration of {dependency}.",
      "If {host} is the right name, see who changed its DNS entry: getent hosts {host}",
    ],
  },
  SOCKET_MISSING: {
    title: "The Unix socket does not exist",
    rung: "connect",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The URL names a socket file that is not there. On Cloud Run it appears only when the Cloud SQL instance is attached to the revision.",
    remedies: [
      "Attach the instance: gcloud run services update SERVICE --add-cloudsql-instances PROJECT:REGION:INSTANCE",
      "Compare the connection name in the socket path with the instance's own.",
    ],
  },
  CONNECT_REFUSED: {
    title: "Nothing listens on that port",
    rung: "connect",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation:
      "The machine answered, and refused: the server process is not running, or listens on another port or address.",
    remedies: [
      "Start the server, or see why it ended: its process and its log on {host}.",
      "Compare the port {port} in the {dependency} URL with the one the server listens on.",
    ],
  },
  ADDRESS_FAMILY_MISMATCH: {
    title: "The server listens on the other loopback address",
    rung: "connect",
    retryable: false,
    definite: true,
    trips: true,
    owner: "configuration",
    explanation:
      "The loopback address in the URL refuses, while the same port on the other address family (127.0.0.1 against ::1) answers.",
    remedies: ["Use the address that answers in the {dependency} URL, or let the server listen on both."],
  },
  CONNECT_TIMEOUT: {
    title: "No answer to the connection attempt",
    rung: "connect",
    retryable: true,
    definite: false,
    trips: true,
    owner: "network",
    explanation:
      "Packets to {host}:{port} vanish. A firewall drops them, there is no route, or the address is private and this process is outside its network.",
    remedies: [
      "On Cloud Run with a private address: gcloud run services update SERVICE --network NETWORK --subnet SUBNET --vpc-egress private-ranges-only",
      "Check firewall rules for port {port} from this network.",
      "Check that the instance is running (Cloud SQL: activationPolicy is not NEVER).",
    ],
  },
  CONNECT_UNREACHABLE: {
    title: "No route to the host",
    rung: "connect",
    retryable: true,
    definite: true,
    trips: true,
    owner: "network",
    explanation:
      "The operating system has no route to {host}, or a router on the way said that it is unreachable.",
    remedies: [
      "Check routes and VPC peering to {host}.",
      "If only an IPv6 address was found, check that this network carries IPv6.",
    ],
  },
  CONNECT_RESET: {
    title: "The connection was reset",
    retryable: true,
    definite: false,
    trips: true,
    owner: "network",
    explanation:
      "The other side ended the connection with a reset: a crashing server, a proxy without a backend, or an idle time-out on the way.",
    remedies: [
      "Read the server's log at this moment.",
      "If a proxy or load balancer stands between, check that its backend is healthy.",
    ],
  },
  CONNECTION_CLOSED: {
    title: "The server closed the connection without an answer",
    retryable: true,
    definite: false,
    trips: true,
    owner: "database",
    explanation:
      "The connection was accepted and then closed before any answer: the server is stopping, out of connections, or another service listens there.",
    remedies: [
      "Read the server's log at this moment.",
      "Check that {host}:{port} is the database itself and not a proxy without a backend.",
    ],
  },
  CONNECT_FAILED: {
    title: "The connection failed",
    retryable: true,
    definite: false,
    trips: true,
    owner: "network",
    explanation:
      "The operating system ended the attempt with an error that has no finer cause here; the evidence names it.",
    remedies: ["Look the error code in the evidence up for this operating system."],
  },
  TLS_NOT_SUPPORTED: {
    title: "The server does not speak TLS",
    rung: "secure",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "TLS was asked for and the server declined it or answered in clear text.",
    remedies: [
      "Turn TLS on in the server, or, on a trusted network only, set tls.mode: off for {dependency}.",
    ],
  },
  TLS_REQUIRED: {
    title: "The server insists on TLS",
    rung: "secure",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The server refuses logins over an unencrypted connection, or its port speaks TLS only.",
    remedies: [
      "Add ?sslmode=verify-full (Postgres), use rediss:// or https://, or set tls.mode: verify-full for {dependency}.",
    ],
  },
  TLS_CERT_EXPIRED: {
    title: "The server's certificate is not valid now",
    rung: "secure",
    retryable: false,
    definite: true,
    trips: false,
    owner: "platform",
    explanation:
      "The certificate has expired or is not valid yet; a wrong clock on either side looks the same.",
    remedies: ["Renew the certificate of {host}.", "Compare the clocks: date -u"],
  },
  TLS_CERT_UNTRUSTED: {
    title: "The server's certificate is not trusted",
    rung: "secure",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The certificate is self-signed, or signed by an authority that is not in the trust store.",
    remedies: [
      "Give the authority's certificate: tls.ca for {dependency} (Cloud SQL: gcloud sql instances describe INSTANCE --format='value(serverCaCert.cert)').",
    ],
  },
  TLS_HOST_MISMATCH: {
    title: "The certificate is for another name",
    rung: "secure",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The certificate is trusted, but was issued for names that do not include {host}.",
    remedies: [
      "Connect by the name in the certificate, or set tls.servername (Cloud SQL: project:instance).",
    ],
  },
  TLS_FAILED: {
    title: "The TLS handshake failed",
    rung: "secure",
    retryable: true,
    definite: false,
    trips: true,
    owner: "network",
    explanation:
      "No common protocol or cipher, a broken-off or silent handshake, or something on the way that does not speak TLS.",
    remedies: [
      "Look at the handshake: openssl s_client -connect {host}:{port}",
      "On a shared-core Cloud SQL tier a handshake that ends early means the connection ceiling is reached.",
    ],
  },
  PROTOCOL_MISMATCH: {
    title: "Something else answers on that port",
    retryable: false,
    definite: false,
    trips: true,
    owner: "configuration",
    explanation:
      "Bytes came back that are not this server's protocol: another service, a proxy's error page, or a damaged connection.",
    remedies: [
      "Check that {host}:{port} is a {dependency} server and that the URL's scheme and port fit together.",
    ],
  },
  LOGIN_TIMEOUT: {
    title: "The server accepted the connection and then said nothing",
    rung: "authenticate",
    retryable: true,
    definite: false,
    trips: true,
    owner: "database",
    explanation:
      "TCP works, but the login got no answer within the deadline: the server is frozen, overloaded or waiting for its disk.",
    remedies: [
      "Look at load, disk and memory of the machine of {host}.",
      "If a proxy accepts connections for the server, check the way behind it.",
    ],
  },
  AUTH_FAILED: {
    title: "The login was rejected",
    rung: "authenticate",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The server knows of no such user, or the password is another one.",
    remedies: [
      "Compare the secret that holds the {dependency} URL with the user's password; was it rotated?",
      "Log in by hand as {user} from the same network.",
    ],
  },
  PASSWORD_MISSING: {
    title: "The server wants a password and none is configured",
    rung: "authenticate",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The URL carries no password: usually a secret that was not mounted or an empty variable.",
    remedies: [
      "Check that the variable with the {dependency} URL holds a password in this environment.",
      "On Cloud Run: check the secret reference of the revision.",
    ],
  },
  HOST_NOT_ALLOWED: {
    title: "The server does not accept this client",
    rung: "authenticate",
    retryable: false,
    definite: true,
    trips: false,
    owner: "database",
    explanation: "The server's access rules have no entry for this address, user and database.",
    remedies: [
      "Add a rule for this network (Postgres: pg_hba.conf; ClickHouse: the user's networks; Cloud SQL: authorised networks).",
    ],
  },
  STARTING_UP: {
    title: "The server is starting",
    rung: "authenticate",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation:
      "The server is up but still recovering or loading its data; it will accept work when that is done.",
    remedies: ["Wait; the server's log shows the progress."],
  },
  SHUTTING_DOWN: {
    title: "The server is shutting down",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation:
      "An administrator or the platform is stopping the server, or a maintenance restart is under way.",
    remedies: [
      "Wait for the restart, or see who stopped it: the server's log and the platform's operations list.",
    ],
  },
  TOO_MANY_CONNECTIONS: {
    title: "The server has no free connection",
    rung: "authorize",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "The server's connection limit is reached; tests would meet the same refusal.",
    remedies: [
      "See who holds connections (Postgres: select usename, count(*) from pg_stat_activity group by 1).",
      "Lower the clients' pools: instances × pool size must stay below the limit, or raise the limit.",
    ],
  },
  DATABASE_MISSING: {
    title: "The database does not exist",
    rung: "authorize",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The login works; the server has no database of that name.",
    remedies: [
      "Compare the database {database} in the {dependency} URL with the server's list.",
      "If the environment is new, run its provisioning; it was not finished.",
    ],
  },
  PERMISSION_DENIED: {
    title: "The user may not do this",
    retryable: false,
    definite: true,
    trips: false,
    owner: "database",
    explanation:
      "The login works, but a right is missing: on the database, the table, the command or the key.",
    remedies: [
      "Grant the right named in the message to {user}.",
      "If it worked before, look for a migration or a script that revoked it.",
    ],
  },
  QUERY_TIMEOUT: {
    title: "No answer to the query",
    retryable: true,
    definite: false,
    trips: true,
    owner: "database",
    explanation:
      "The connection stands, but the answer did not come within the deadline: the server is frozen, overloaded, or the connection is dead without saying so.",
    remedies: [
      "Look at load and long-running work on the server.",
      "If the server is well, look for a dead connection on the way: a NAT or proxy time-out.",
    ],
  },
  STATEMENT_TIMEOUT: {
    title: "The server cancelled the query",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation:
      "The server's own time limit for a statement ended the query: it is too slow, or waits for a lock.",
    remedies: [
      "Look for locks and slow statements on the server.",
      "If an assertion is slow, give it an index or a cheaper query.",
    ],
  },
  READ_ONLY: {
    title: "The server takes no writes",
    rung: "query",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "A replica, a read-only user or a standby answers where tests need to write.",
    remedies: [
      "Point the {dependency} URL at the primary.",
      "After a failover, check which node is primary.",
    ],
  },
  REPLICA_LINK_DOWN: {
    title: "The replica has lost its primary",
    rung: "query",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "The server is a replica that has no link to its primary and is told not to serve old data.",
    remedies: [
      "Bring the primary back, or promote the replica.",
      "Point the {dependency} URL at the primary.",
    ],
  },
  CLUSTER_DOWN: {
    title: "The cluster cannot serve",
    rung: "query",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "The cluster has lost slots, its quorum or its coordination service.",
    remedies: ["Check the state of the cluster's nodes."],
  },
  WRONG_NODE: {
    title: "This is a cluster node, and the key lives elsewhere",
    rung: "query",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The server redirects to another node, which a plain client does not follow.",
    remedies: ["Use the cluster's discovery endpoint, or a server that is not in cluster mode."],
  },
  OUT_OF_MEMORY: {
    title: "The server is out of memory",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "The server, or the query's own limit, has no memory left.",
    remedies: [
      "Look at the server's memory and its limits.",
      "For Redis: raise maxmemory or set an eviction policy.",
    ],
  },
  DISK_FULL: {
    title: "The server cannot write to its disk",
    retryable: false,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "No space is left, or saving to disk fails; writes are refused.",
    remedies: [
      "Free or add disk space on the machine of {host}.",
      "For Redis MISCONF: read its log for the reason of the failed save.",
    ],
  },
  OVERLOADED: {
    title: "The server refuses work because it is busy",
    retryable: true,
    definite: true,
    trips: true,
    owner: "database",
    explanation: "The server's limit of simultaneous work, a quota, or a long script turns requests away.",
    remedies: [
      "See what runs on the server; wait for it or stop it.",
      "Raise the limit named in the message.",
    ],
  },
  QUERY_FAILED: {
    title: "The server answered with an error",
    retryable: false,
    definite: true,
    trips: true,
    owner: "database",
    explanation:
      "The server could not answer the observation's own query, for a reason that has no finer cause here; the evidence holds its code.",
    remedies: ["Look the code in the evidence up in the server's manual."],
  },
  UPGRADE_REFUSED: {
    title: "The server answers in HTTP and opens no WebSocket",
    rung: "authenticate",
    retryable: true,
    definite: true,
    trips: true,
    owner: "platform",
    explanation:
      "The handshake was answered with another status than 101: the path is wrong, a login is missing, or a proxy on the way does not pass upgrades on.",
    remedies: [
      "Compare the path in the {dependency} URL with the server's.",
      "If a proxy or load balancer stands between, let it pass the headers Upgrade and Connection on.",
    ],
  },
  SUBPROTOCOL_MISMATCH: {
    title: "The server does not speak the subprotocol",
    rung: "authenticate",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The WebSocket server chose no subprotocol, or another one than the one asked for.",
    remedies: ["Compare the subprotocol of {dependency} with those that the server offers."],
  },
  HTTP_STATUS: {
    title: "The service answers with another status",
    rung: "query",
    retryable: true,
    definite: true,
    trips: true,
    owner: "platform",
    explanation:
      "The service was reached and answered, but not with an accepted status: it is not ready, has no backend, wants a login, or the path is wrong.",
    remedies: [
      "For 5xx: read the service's log, and the load balancer's if one stands between.",
      "For 401, 403 and 404: compare the path and the login in the {dependency} URL with the service's.",
    ],
  },
  HTTP_REDIRECTED: {
    title: "The service redirects",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "A redirect is never followed: what answers at its end is another URL than the configured one, often a login page that answers 200 to everything.",
    remedies: ["Configure the final URL of {dependency}, or one that answers by itself."],
  },
  ANSWER_TOO_LARGE: {
    title: "The answer is too large",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The body is longer than a status has any reason to be; it was not read to its end.",
    remedies: ["Point the URL of {dependency} at a small status page, not at a document or a download."],
  },
  HEADER_MISMATCH: {
    title: "An expected header is missing or different",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The status is right, a header is not: another version is deployed, or something else than the service answers.",
    remedies: [
      "Look at the headers: curl -sI the URL of {dependency}",
      "Check which revision serves, or correct the expectation.",
    ],
  },
  JSON_MISMATCH: {
    title: "The JSON answer is not the expected one",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The body is no JSON, or the member at the configured pointer is missing or has another value.",
    remedies: [
      "Compare the body with the pointer and the value named in the message.",
      "Check which revision serves, or correct the expectation.",
    ],
  },
  BANNER_MISMATCH: {
    title: "The server greets differently",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The first bytes of the server are not the configured banner: something else listens there.",
    remedies: ["Check what listens on {host}:{port}, or correct the banner of {dependency}."],
  },
  TABLE_MISSING: {
    title: "An expected table does not exist",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "test-data",
    explanation:
      "The database is there, the table is not: migrations have not run, or it is another database.",
    remedies: [
      "Run the migrations against {database} on {host}.",
      "Check the schema and the search path of {user}.",
    ],
  },
  MIGRATION_MISSING: {
    title: "No migration was ever applied",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "test-data",
    explanation: "The migrations table is missing or empty: the schema was never set up here.",
    remedies: ["Run all migrations against {database} on {host}."],
  },
  MIGRATION_BEHIND: {
    title: "The schema is older than expected",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "test-data",
    explanation:
      "The newest applied migration is older than the version that the suite expects: the environment is half migrated.",
    remedies: [
      "Run the pending migrations against {database} on {host}.",
      "If a deployment is under way, wait for its end.",
    ],
  },
  MIGRATION_AHEAD: {
    title: "The schema is newer than expected",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    warns: true,
    owner: "configuration",
    explanation:
      "The environment has been migrated past the expected version. That is a warning: the expectation may be old.",
    remedies: ["Update the expected version, or test the revision that belongs to this schema."],
  },
  KEY_MISSING: {
    title: "An expected key is missing or different",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "test-data",
    explanation: "The key that marks seeded data is not there or has another value.",
    remedies: ["Run the seeding of this environment.", "Check the database number in the {dependency} URL."],
  },
  ASSERTION_FAILED: {
    title: "An assertion does not hold",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "test-data",
    explanation: "A configured query answered with another value than the expected one.",
    remedies: ["Compare the value found with the expected one; run the seeding or correct the expectation."],
  },
  ASSERTION_INVALID: {
    title: "An assertion cannot be evaluated",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The server does not accept the configured query: a syntax error, an unknown column, parameters that do not fit, something that writes, or several statements in one text, of which none is carried out.",
    remedies: [
      "Run the query by hand and correct it in the configuration.",
      "Write each statement as an assertion of its own.",
    ],
  },
  IDENTITY_MISMATCH: {
    title: "Another service answers",
    rung: "query",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The status does not carry the expected service name (service, name, serviceId, app or application): the URL leads to another service, or to something that answers for it.",
    remedies: [
      "Compare the URL of {dependency} ({host}:{port}) with the service's own.",
      "If the service was renamed, correct the expected service name in the configuration.",
    ],
  },
  REPORTS_DOWN: {
    title: "The service says that it is down",
    rung: "query",
    retryable: true,
    definite: true,
    trips: true,
    owner: "auth",
    explanation: "The service was reached and understood, and its own status says that it cannot serve.",
    remedies: [
      "Read the status of the service at {host}:{port}: it mostly names the part that is down.",
      "Read the service's log; if a deployment is under way, wait for its end.",
    ],
  },
  REPORTS_DEGRADED: {
    title: "The service says that it is degraded",
    rung: "query",
    retryable: true,
    definite: true,
    trips: false,
    warns: true,
    owner: "auth",
    explanation: "The service serves, and its own status says that something is wrong. That is a warning.",
    remedies: ["Read the status of the service at {host}:{port}: it mostly names the part that suffers."],
  },
  STATUS_UNKNOWN: {
    title: "The status is a word that nobody knows",
    rung: "query",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The answer holds no status, or none of the known words (ok, up, pass, healthy; degraded, warn; fail, down, unhealthy …). What is not known to be well counts as failed.",
    remedies: [
      "Compare the health path of {dependency} with the service's: an HTML page has no status.",
      "Have the service answer with one of the known words.",
    ],
  },
  ANSWERS_EVERYTHING: {
    title: "Every path is answered with success",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "A path that cannot exist was answered with success, so its success at other paths proves nothing: a catch-all mock, a proxy's page or a single-page application answers.",
    remedies: [
      "See what listens on {host}:{port}, and point the URL of {dependency} at the service itself.",
      "If it is a mock, configure it as one; let it answer 404 to what it does not know.",
    ],
  },
  DISCOVERY_INVALID: {
    title: "The discovery document cannot be used",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "Below the issuer, /.well-known/openid-configuration is missing, is not JSON, or lacks a member that OpenID Connect Discovery 1.0 requires.",
    remedies: [
      "Compare the issuer of {dependency} in the configuration with the service's: the path (realm, tenant) belongs to it.",
      "If the service speaks no OpenID Connect, set oidc: false and a service name.",
    ],
  },
  ISSUER_MISMATCH: {
    title: "The discovery document names another issuer",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The issuer in the document is not the configured one. Every client that checks it, as it must, refuses the tokens; or another environment's service answers.",
    remedies: [
      "Compare the issuer of {dependency} in the configuration with the one in the message.",
      "If a proxy stands in front of the service, set the service's own public URL (Keycloak: KC_HOSTNAME).",
    ],
  },
  ENDPOINT_FOREIGN: {
    title: "The discovery document sends credentials elsewhere",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "An endpoint that receives credentials, tokens or keys is on another host than the issuer, or is not encrypted. Nothing was sent there.",
    remedies: [
      "If the host in the message belongs to the service, add it to endpointHosts of {dependency}.",
      "If it does not, find out who answers on {host}:{port}.",
    ],
  },
  ENDPOINT_UNREACHABLE: {
    title: "An endpoint on another host cannot be asked",
    rung: "assert",
    retryable: true,
    definite: false,
    trips: true,
    owner: "auth",
    explanation:
      "The service itself answers; the issuer, the keys or an endpoint that it names are on another host, and that one cannot be reached or does not speak HTTP or TLS as it should.",
    remedies: [
      "Reach the host in the message from this network; look at DNS, firewall and certificate there.",
      "Compare the URLs in the discovery document of {dependency} with where the endpoints are.",
    ],
  },
  JWKS_INVALID: {
    title: "The signing keys cannot be used",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "The key set (JWKS) was not answered, is not one, or holds no key that a signature could be verified with.",
    remedies: ["Read the jwks_uri of the discovery document of {host}; look for a key with use sig."],
  },
  JWKS_EXPIRED_KEY: {
    title: "The signing keys have expired",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation: "Every signing key, or the one that signed the token, carries an end that has passed.",
    remedies: [
      "Rotate the signing keys of the service at {host}:{port}.",
      "If they were rotated, see why the old ones are still published.",
    ],
  },
  JWKS_PRIVATE_KEY: {
    title: "The service publishes private keys",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation: "The key set holds private or symmetric parts: whoever reads it can sign tokens.",
    remedies: [
      "Take the key set of {host} down, and replace the keys in it: they are known.",
      "Publish the public members alone (RSA: kty, n, e; EC: kty, crv, x, y).",
    ],
  },
  CLOCK_SKEW: {
    title: "The clocks differ too much",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "platform",
    explanation:
      "The time in the server's Date header and ours differ by more than is allowed: tokens are refused as expired or as not yet valid.",
    remedies: [
      "Compare both clocks with a third: date -u on both machines; see that NTP runs (timedatectl).",
      "If this machine was suspended, set its own clock.",
    ],
  },
  CLIENT_REJECTED: {
    title: "The test client is rejected",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation: "The service knows of no such client, its secret is another, or it may not use the grant.",
    remedies: [
      "Compare clientId and clientSecret of {dependency} with the service's; was the secret rotated?",
      "Allow the client the grant client_credentials.",
    ],
  },
  TOKEN_NOT_ISSUED: {
    title: "The service issues no token",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: true,
    owner: "auth",
    explanation: "The token endpoint answered the test client with something else than a token.",
    remedies: [
      "Look the error in the message up (RFC 6749, 5.2); compare scope and audience of {dependency}.",
      "For 5xx: read the log of the service at {host}:{port}.",
    ],
  },
  TOKEN_INVALID: {
    title: "An issued token is not valid",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "Signature, algorithm, issuer, audience or times of the issued token do not hold; the message says which. A service that checks its tokens refuses it.",
    remedies: [
      "For the audience: compare audience of {dependency} with what the service puts in.",
      "For issuer, signature and times: see the configuration and the clock of the service at {host}:{port}.",
    ],
  },
  SIGNING_KEY_UNKNOWN: {
    title: "The token's key is not published",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "The issued token names a key that the key set does not hold, mostly after a rotation: replicas or a cache of the key set still have the old one.",
    remedies: [
      "Wait for the key set's cache to end, or restart the replicas that have the old keys.",
      "Publish a new key before signing with it.",
    ],
  },
  TOKEN_REFUSED: {
    title: "The service refuses its own token",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "A token that was issued a moment ago, and verified here, is not accepted where it is to be used.",
    remedies: [
      "Check that the endpoint in the message trusts this issuer and its keys.",
      "Check that the scope of {dependency} is enough for that endpoint.",
    ],
  },
  TAMPERED_TOKEN_ACCEPTED: {
    title: "A tampered token is not rejected",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "auth",
    explanation:
      "A token whose payload was changed after signing got no 400, 401 or 403 and was not reported as inactive: signatures are not verified, so every test of access passes for the wrong reason.",
    remedies: [
      "See whether verification is switched off, or a mock answers, at the endpoint in the message.",
    ],
  },
  TAMPERING_UNCHECKED: {
    title: "Nothing shows whether tampered tokens are rejected",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    warns: true,
    owner: "configuration",
    explanation:
      "A token was issued and verified, but the service has no endpoint to present one to. That is a warning.",
    remedies: ["Set checkUrl of {dependency} to a path that needs a bearer token."],
  },
  MOCK_SERVES: {
    title: "A mock serves",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    warns: true,
    owner: "auth",
    explanation:
      "No real service or emulator of higher priority is healthy, so a mock serves: what passes against it proves nothing about the real service. That is a warning.",
    remedies: [
      "See why the earlier candidates do not serve: greenlight why {dependency}",
      "In strict mode, or where the environment's policy does not allow it, a mock never serves.",
    ],
  },
  FALLBACK_SERVES: {
    title: "Another than the first candidate serves",
    rung: "assert",
    retryable: true,
    definite: true,
    trips: false,
    warns: true,
    owner: "auth",
    explanation:
      "The first candidate is not healthy, and a later one serves in its place. That is a warning.",
    remedies: ["See why the earlier candidates do not serve: greenlight why {dependency}"],
  },
  MOCK_NOT_ALLOWED: {
    title: "A mock may not serve here",
    rung: "assert",
    retryable: false,
    definite: true,
    trips: false,
    owner: "configuration",
    explanation:
      "The candidate is a mock, and the environment's policy, strict mode or production does not let one serve.",
    remedies: [
      "Bring one of the other candidates up.",
      "If a mock is good enough here, allow it in the policy of this environment: allowMock: true",
    ],
  },
  SLOW: {
    title: "Slower than allowed",
    rung: "query",
    retryable: true,
    definite: true,
    trips: false,
    warns: true,
    owner: "database",
    explanation: "The answer was right but took longer than warnAbove. That is a warning.",
    remedies: ["Look at load on the server and at the distance between it and this process."],
  },
  STALE: {
    title: "The last observation is too old",
    retryable: true,
    definite: true,
    trips: false,
    owner: "greenlight",
    explanation:
      "No observation finished within maxAge. The last one says nothing about now, so the check fails closed.",
    remedies: [
      "On Cloud Run, give the service CPU outside requests: --no-cpu-throttling",
      "Look at the event-loop delay and the CPU of this process.",
    ],
  },
  NOT_EVALUATED: {
    title: "Not observed yet",
    retryable: true,
    definite: true,
    trips: false,
    owner: "greenlight",
    explanation:
      "The process has started and the first observation has not finished. Until then the check fails closed.",
    remedies: ["Ask again in a second."],
  },
  CHECK_ERROR: {
    title: "The check itself failed",
    retryable: true,
    definite: true,
    trips: false,
    owner: "greenlight",
    explanation: "A fault of this program or this machine, not of the dependency: its state is unknown.",
    remedies: [
      "Read this process's log and report the error.",
      "Check memory and open files of this process.",
    ],
  },
});

export type CauseCode = keyof typeof CAUSES;

/** One cause as met: the table's entry plus what was seen. Messages are redacted when it is made. */
export interface Cause {
  readonly code: CauseCode;
  readonly rung: Rung;
  readonly message: string;
  /** The driver's own code (`28P01`, `516`, `WRONGPASS`, `ECONNREFUSED`), for looking up. */
  readonly evidence?: string;
}

/** The table's entry for a code, with the optional members that its literal may lack. */
export function causeOf(code: CauseCode): CauseDefinition {
  return CAUSES[code];
}

/** Looks a code up. `code` may be anything a user typed; undefined when it is not in the table. */
export function findCause(code: string): CauseDefinition | undefined {
  return Object.hasOwn(CAUSES, code) ? CAUSES[code as CauseCode] : undefined;
}

/** Fills `{host}` and the like in a remedy; a name without a value says so. */
export function fillIn(text: string, facts: Readonly<Record<string, string | number | undefined>>): string {
  return text.replaceAll(/\{(host|port|database|user|dependency)\}/g, (_, name: string) =>
    String(facts[name] ?? "(none given)"),
  );
}
