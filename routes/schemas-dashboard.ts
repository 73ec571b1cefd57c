const text = { type: "string" } as const;

export const dashboardSchema = {
  tags: ["self"],
  summary: "The dashboard; the paths that there are, for whoever prefers JSON",
  security: [],
  response: {
    200: {
      description: "The page, or the paths; the same for everybody, and without data",
      content: {
        "text/html": { schema: text },
        "application/json": {
          schema: {
            type: "object",
            required: ["name", "dashboard", "links"],
            properties: {
              name: text,
              dashboard: text,
              links: { type: "object", additionalProperties: text },
            },
          },
        },
      },
    },
    304: { description: "The page has not changed since the given ETag.", type: "null" },
  },
} as const;
