import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { KubeRequest } from './cluster-transport.ts';
import { ConnectionError } from './connection-error.ts';
import type { KubeStatusError } from './kube-status-error.ts';
import { parseStatus } from './parse-status.ts';
import { parseWarnings } from './parse-warnings.ts';

const maxErrorBytes = 256 * 1024;

/** Reads a JSON answer. Throws a `ConnectionError` where it exceeds the bound or is something else. */
export async function readJson(body: Readable, maxBytes: number): Promise<unknown> {
  return parseJson(await readText(body, maxBytes));
}

/** Reads what a server said with a status of 400 or more. */
export async function readRefusal(request: KubeRequest, response: Dispatcher.ResponseData): Promise<KubeStatusError> {
  let text = '';
  try {
    text = await readText(response.body, maxErrorBytes);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
  const retryAfter = response.headers['retry-after'];
  return parseStatus(response.statusCode, text, {
    isSecret: isAboutSecret(request),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  });
}

const wordlessWarning = 'The cluster warned about this Secret; its words are not shown, since they may quote values.';

/** What a server warned about. Of Secrets only that it did: policies quote what they do not like. */
export function readWarnings(request: KubeRequest, response: Dispatcher.ResponseData): string[] {
  const warnings = parseWarnings(response.headers.warning);
  return isAboutSecret(request) && warnings.length > 0 ? [wordlessWarning] : warnings;
}

/** What the cluster calls the request in its audit log; undefined where it does not say, or says something else. */
export function readAuditId(response: Dispatcher.ResponseData): string | undefined {
  const id = response.headers['audit-id'];
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}

function isAboutSecret({ kind }: KubeRequest): boolean {
  return kind?.kind === 'Secret' && kind.group === '';
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ConnectionError('too-large', `its answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new ConnectionError('garbage', 'its answer is not JSON');
  }
}
