// A client made by openapi-typescript and openapi-fetch.
import createClient from "openapi-fetch";
import type { paths } from "./generated/types";

export async function use(base: string, token: string): Promise<string[]> {
  const querySerializer = { array: { style: "form", explode: false } } as const;
  const client = createClient<paths>({ baseUrl: base, querySerializer });
  const { data, error } = await client.GET("/api/v1/articles/", {
    params: { query: { fields: ["headline", "position"], page_size: 2, ordering: "id" } },
  });
  if (error) throw new Error(error.detail);
  const path = { id: data.results[0].id };
  const read = await client.GET("/api/v1/articles/{id}/", { params: { path } });
  const written = await client.PATCH("/api/v1/articles/{id}/", {
    params: { path, header: { "If-Match": read.response.headers.get("ETag") ?? "" } },
    headers: { Authorization: `Bearer ${token}` },
    body: { kicker: "openapi-fetch" },
  });
  if (written.error) throw new Error(written.error.detail);
  const kicker: string = written.data.kicker;
  return [...data.results.map((article) => article.headline), kicker];
}
