import type { FastifyInstance } from "fastify";
import type { Admitted } from "../../routes/access.ts";

/** Mode `none`: everybody may do everything; the server has looked at the name by which it was asked. */
export function admitEverybody(app: FastifyInstance): void {
  const everybody: Admitted = {
    principal: { id: "anybody", role: "operator" },
    expiresAt: Number.POSITIVE_INFINITY,
    rate: null,
    renew: () => null,
  };
  app.decorateRequest("admitted", { getter: () => everybody });
}
