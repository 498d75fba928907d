// Prints the headlines of the newest articles: tsc newest.ts && node newest.js http://localhost:8000
interface Page {
  next: string | null;
  results: { id: number; headline: string }[];
}

declare const process: { argv: string[] };

async function* rows(url: string): AsyncGenerator<Page["results"][number]> {
  for (let next: string | null = url; next !== null; ) {
    const response: Response = await fetch(next);
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const page = (await response.json()) as Page;
    yield* page.results;
    next = page.next;
  }
}

async function main(): Promise<void> {
  let count = 0;
  for await (const article of rows(`${process.argv[2]}/api/v1/articles/?page_size=3&fields=headline`)) {
    console.log(article.headline);
    count += 1;
    if (count === 5) return;
  }
}

void main();
