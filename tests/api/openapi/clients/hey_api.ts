// A client made by @hey-api/openapi-ts.
import { articlesList, articlesPartialUpdate, articlesRetrieve } from "./generated/hey";
import { client } from "./generated/hey/client.gen";

export async function use(base: string, token: string): Promise<string[]> {
  client.setConfig({ baseUrl: base, auth: token });
  const query = { fields: ["headline", "position"], page_size: 2, ordering: "id" } as const;
  const listed = await articlesList({ query: { ...query, fields: [...query.fields] }, throwOnError: true });
  const path = { id: listed.data.results[0].id };
  const read = await articlesRetrieve({ path, throwOnError: true });
  const written = await articlesPartialUpdate({
    path,
    headers: { "If-Match": read.response.headers.get("ETag") ?? "" },
    body: { kicker: "hey-api" },
    throwOnError: true,
  });
  const kicker: string = written.data.kicker;
  return [...listed.data.results.map((article) => article.headline), kicker];
}
