import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { exampleOperations } from './example-operations.ts';

const compress = promisify(gzip);

export interface GraphiqlPage {
  readonly html: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

let page: Promise<GraphiqlPage> | undefined;

/**
 * GraphiQL with all its assets in one document, so that it works without internet. Rendered on the first visit and kept
 * compressed: it is some megabytes, and a browser that has it asks only whether it changed.
 */
export function graphiqlPage(): Promise<GraphiqlPage> {
  page ??= render();
  return page;
}

async function render(): Promise<GraphiqlPage> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = Buffer.from(
    renderGraphiQL({
      title: 'Longshore',
      subscriptionsProtocol: 'WS',
      defaultTabs: exampleOperations.map((query) => ({ query })),
      shouldPersistHeaders: true,
    }),
  );
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
  return { html, gzipped: await compress(html), etag };
}
