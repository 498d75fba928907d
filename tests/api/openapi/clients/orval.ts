// A client made by orval.
import { articlesList, articlesPartialUpdate, articlesRetrieve } from "./generated/orval";

export async function use(base: string, token: string): Promise<string[]> {
  (globalThis as { base?: string }).base = base;
  const listed = await articlesList({ fields: ["headline", "position"], page_size: 2, ordering: "id" });
  if (listed.status !== 200) throw new Error(String(listed.status));
  const id = listed.data.results[0].id;
  const read = await articlesRetrieve(id);
  const headers = { "If-Match": read.headers.get("ETag") ?? "", Authorization: `Bearer ${token}` };
  const written = await articlesPartialUpdate(id, { kicker: "orval" }, { headers });
  if (written.status !== 200) throw new Error(String(written.status));
  const kicker: string = written.data.kicker;
  return [...listed.data.results.map((article) => article.headline), kicker];
}
