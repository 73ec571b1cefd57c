import { any, by, type Phrase } from "./phrase.ts";

/** Clients of HTTP reach every kind that speaks it, and the product under test too. */
const http = by(["http", "auth", "clickhouse"]);
const websocket = by(["websocket"]);

/** Words of runtimes, browsers and HTTP clients; those of the operating system last, since the others contain them. */
export const NETWORK_PHRASES: readonly Phrase[] = [
  websocket(
    "UPGRADE_REFUSED",
    /Unexpected server response: \d{3}\b|server rejected WebSocket connection: HTTP \d{3}|websocket: bad handshake|Handshake status \d{3}\b|Error during WebSocket handshake/,
    "Unexpected server response: 503",
    "ws; websockets: server rejected WebSocket connection; Gorilla: bad handshake",
  ),
  websocket(
    "CONNECTION_CLOSED",
    /no close frame received or sent|close 1006 \(abnormal closure\)|WebSocket was closed before the connection was established|WebSocketConnectionClosedException/,
    "no close frame received or sent",
    "websockets; Gorilla: close 1006; ws",
  ),
  // Browsers, as Playwright, Cypress, Puppeteer and Selenium pass them on.
  http(
    "CONNECT_REFUSED",
    /\bERR_CONNECTION_REFUSED\b|\bNS_ERROR_CONNECTION_REFUSED\b|Could not connect to (?:the )?server/,
    "net::ERR_CONNECTION_REFUSED at http://localhost:3000/",
    "browsers",
  ),
  http(
    "CONNECT_RESET",
    /\bERR_CONNECTION_RESET\b|\bNS_ERROR_NET_RESET\b/,
    "net::ERR_CONNECTION_RESET",
    "browsers",
  ),
  http(
    "CONNECTION_CLOSED",
    /\bERR_(?:EMPTY_RESPONSE|CONNECTION_CLOSED|CONNECTION_ABORTED|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING)\b/,
    "net::ERR_EMPTY_RESPONSE",
    "browsers",
  ),
  http(
    "CONNECT_TIMEOUT",
    /\bERR_(?:CONNECTION_)?TIMED_OUT\b|\bNS_ERROR_NET_TIMEOUT\b/,
    "net::ERR_CONNECTION_TIMED_OUT",
    "browsers",
  ),
  http(
    "CONNECT_UNREACHABLE",
    /\bERR_(?:ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|NETWORK_CHANGED)\b/,
    "net::ERR_ADDRESS_UNREACHABLE",
    "browsers",
  ),
  http(
    "DNS_NOT_FOUND",
    /\bERR_NAME_NOT_RESOLVED\b|\bNS_ERROR_UNKNOWN_HOST\b/,
    "net::ERR_NAME_NOT_RESOLVED",
    "browsers",
  ),
  http("TLS_CERT_EXPIRED", /\bERR_CERT_DATE_INVALID\b/, "net::ERR_CERT_DATE_INVALID", "browsers"),
  http(
    "TLS_CERT_UNTRUSTED",
    /\bERR_CERT_AUTHORITY_INVALID\b|\bSEC_ERROR_UNKNOWN_ISSUER\b/,
    "net::ERR_CERT_AUTHORITY_INVALID",
    "browsers",
  ),
  http(
    "TLS_HOST_MISMATCH",
    /\bERR_CERT_COMMON_NAME_INVALID\b/,
    "net::ERR_CERT_COMMON_NAME_INVALID",
    "browsers",
  ),
  http(
    "TLS_FAILED",
    /\bERR_SSL_(?:PROTOCOL_ERROR|VERSION_OR_CIPHER_MISMATCH)\b/,
    "net::ERR_SSL_PROTOCOL_ERROR",
    "browsers",
  ),
  // Clients of HTTP.
  http(
    "CONNECTION_CLOSED",
    /Remote end closed connection without response|Server disconnected(?: without sending a response)?\b|ServerDisconnectedError|other side closed|\bUND_ERR_SOCKET\b|NoHttpResponseException/,
    "Remote end closed connection without response",
    "requests, urllib3; httpx, aiohttp: Server disconnected; fetch: other side closed",
  ),
  http(
    "CONNECT_TIMEOUT",
    /\bUND_ERR_CONNECT_TIMEOUT\b|ConnectTimeoutError|\bhttpx\.ConnectTimeout\b|requests\.exceptions\.ConnectTimeout|HttpConnectTimeoutException/,
    "ConnectTimeoutError: Connect Timeout Error",
    "fetch (undici), requests, httpx, Java",
  ),
  http(
    "QUERY_TIMEOUT",
    /\bUND_ERR_(?:HEADERS|BODY)_TIMEOUT\b|HeadersTimeoutError|\bhttpx\.ReadTimeout\b|requests\.exceptions\.ReadTimeout|ReadTimeoutError|Client\.Timeout exceeded while awaiting headers/,
    "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='localhost', port=8123): Read timed out.",
    "requests, urllib3, httpx, fetch, Go",
  ),
  http("CONNECT_FAILED", /TypeError: fetch failed/, "TypeError: fetch failed", "fetch (undici)"),
  // TLS.
  any(
    "TLS_CERT_EXPIRED",
    /certificate has expired|certificate is not yet valid|\bCERT_HAS_EXPIRED\b|CertificateExpiredException/i,
    "certificate has expired",
    "Node, Python, Go, Java",
  ),
  any(
    "TLS_HOST_MISMATCH",
    /does not match certificate's altnames|\bERR_TLS_CERT_ALTNAME_INVALID\b|x509: certificate is (?:valid for|not valid for any)|Hostname mismatch, certificate is not valid|No subject alternative (?:DNS )?name/,
    "Hostname/IP does not match certificate's altnames",
    "Node; Go: x509: certificate is valid for; Python: Hostname mismatch",
  ),
  any(
    "TLS_CERT_UNTRUSTED",
    /self[- ]signed certificate|unable to verify the first certificate|unable to get local issuer certificate|CERTIFICATE_VERIFY_FAILED|certificate signed by unknown authority|PKIX path building failed|DEPTH_ZERO_SELF_SIGNED_CERT/i,
    "self-signed certificate in certificate chain",
    "Node; Python: CERTIFICATE_VERIFY_FAILED; Go: x509: certificate signed by unknown authority; Java: PKIX path building failed",
  ),
  any(
    "TLS_NOT_SUPPORTED",
    /wrong version number|WRONG_VERSION_NUMBER|first record does not look like a TLS handshake|Unsupported or unrecognized SSL message/,
    "wrong version number",
    "Node, Python; Go: first record does not look like a TLS handshake",
  ),
  any(
    "TLS_FAILED",
    /SSLHandshakeException|tls: handshake failure|sslv3 alert handshake failure|SSL: UNEXPECTED_EOF_WHILE_READING/,
    "SSLHandshakeException",
    "Java; Go: tls: handshake failure",
  ),
  // Names.
  any(
    "DNS_UNAVAILABLE",
    /\bEAI_AGAIN\b|Temporary failure in name resolution|lookup \S{1,260}\b.{0,80}: (?:server misbehaving|i\/o timeout)/,
    "getaddrinfo EAI_AGAIN db.example",
    "Node; Python: Temporary failure in name resolution; Go: server misbehaving",
  ),
  any(
    "DNS_NOT_FOUND",
    /\bENOTFOUND\b|Name or service not known|nodename nor servname provided|: no such host\b|UnknownHostException|could not translate host name|No address associated with hostname|getaddrinfo failed/,
    "getaddrinfo ENOTFOUND db.example",
    "Node; Python: Name or service not known; Go: no such host; Java: UnknownHostException",
  ),
  // The operating system's.
  any(
    "CONNECT_REFUSED",
    /\bECONNREFUSED\b|connection refused|ConnectionRefusedError|Connect call failed|target machine actively refused/i,
    "connect ECONNREFUSED 127.0.0.1:5432",
    "Node; Python, Go, Java: connection refused; asyncpg: Connect call failed",
  ),
  any(
    "CONNECT_UNREACHABLE",
    /\b(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)\b|No route to host|Network is unreachable|NoRouteToHostException/i,
    "connect EHOSTUNREACH 10.0.0.7:5432",
    "Node; Python, Go: no route to host; Java: NoRouteToHostException",
  ),
  any(
    "CONNECT_RESET",
    /\b(?:ECONNRESET|EPIPE)\b|connection reset|ConnectionResetError|BrokenPipeError|\bbroken pipe\b/i,
    "read ECONNRESET",
    "Node; Python, Go: connection reset by peer; Java: Connection reset",
  ),
  any(
    "CONNECT_TIMEOUT",
    /\bETIMEDOUT\b|connection timed out|connect(?:ion)? to .{0,300} timed out|connect timed out|dial tcp .{0,300}: i\/o timeout|(?:failed|Error): timeout expired/i,
    "connect ETIMEDOUT 10.0.0.7:5432",
    "Node; Python: Connection timed out; Go: dial tcp …: i/o timeout; Java: connect timed out",
  ),
  any(
    "QUERY_TIMEOUT",
    /\bread timed out\b|read tcp .{0,300}: i\/o timeout|Command timed out/i,
    "java.net.SocketTimeoutException: Read timed out",
    "Java, Python; Go: read tcp …: i/o timeout; ioredis, Lettuce: Command timed out",
  ),
  any(
    "CONNECTION_CLOSED",
    /socket hang up|Connection aborted|This connection has been closed|connection (?:was )?closed by (?:the )?(?:remote|server|peer)|: unexpected EOF\b|ConnectionDoesNotExistError/i,
    "socket hang up",
    "Node; Python: Connection aborted; Go: unexpected EOF; JDBC: This connection has been closed",
  ),
];
