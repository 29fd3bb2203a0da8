import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import type { ListAnswer, ObjectAnswer, TextAnswer } from './api-context.ts';
import { slicesOfList, translateList } from './list-text.ts';
import type { Accepted } from './negotiate.ts';
import { sendSlices } from './send-slices.ts';

const gzipText = promisify(gzip);

/** Smaller bodies are not worth compressing; the real server draws the line here too. */
const gzipFromBytes = 128 * 1024;

/** Sends a complete answer. Resolves once it is handed to the socket. */
export async function sendAnswer(
  response: ServerResponse,
  answer: ObjectAnswer | ListAnswer | TextAnswer,
  accepted: Accepted,
  acceptEncoding: string,
): Promise<void> {
  if (response.destroyed || response.headersSent) return;
  if ('text' in answer) {
    const headers = { 'cache-control': 'no-cache, private', 'content-type': answer.contentType, ...answer.headers };
    const body = typeof answer.text === 'string' ? Buffer.from(answer.text) : answer.text;
    await sendBody(response, answer.code, body, headers, acceptEncoding);
    return;
  }
  const headers: Record<string, string | number | string[]> = {
    'content-type': contentTypeOf(answer, accepted),
    'cache-control': 'no-cache, private',
  };
  if (answer.warnings !== undefined && answer.warnings.length > 0) {
    headers.warning = answer.warnings.map(printWarning);
  }
  const isYaml = accepted.format === 'yaml';
  if ('list' in answer) {
    const slices = isYaml ? translateList(answer.list, yamlPrinter) : slicesOfList(answer.list);
    const gzipFrom = /\bgzip\b/.test(acceptEncoding) ? gzipFromBytes : undefined;
    await sendSlices(response, answer.code, headers, slices, gzipFrom);
    return;
  }
  const json = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const text = isYaml ? stringify(JSON.parse(json)) : `${json}\n`;
  await sendBody(response, answer.code, Buffer.from(text), headers, acceptEncoding);
}

function contentTypeOf(answer: ObjectAnswer | ListAnswer, { format }: Accepted): string {
  const plain = format === 'yaml' ? 'application/yaml' : 'application/json';
  return 'list' in answer ? plain : (answer.contentType ?? plain);
}

/** A list in YAML: the frame without its empty list, then each item behind a dash. */
const yamlPrinter = {
  frame: (list: string) => stringify(JSON.parse(list)).replace(/ \[\]\n$/, ''),
  item: (item: string) =>
    `\n- ${stringify(JSON.parse(item))
      .trimEnd()
      .replaceAll(/\n(?=.)/g, '\n  ')}`,
  empty: ' []',
};

async function sendBody(
  response: ServerResponse,
  code: number,
  text: Buffer,
  given: Readonly<Record<string, string | number | string[]>>,
  acceptEncoding: string,
): Promise<void> {
  const headers = { ...given };
  let body = text;
  if (body.length >= gzipFromBytes && /\bgzip\b/.test(acceptEncoding)) {
    body = await gzipText(body, { level: 1 });
    headers['content-encoding'] = 'gzip';
    headers.vary = typeof headers.vary === 'string' ? `${headers.vary}, Accept-Encoding` : 'Accept-Encoding';
  }
  if (response.destroyed) return;
  // An answer that is not modified has no body, and its length would be taken for the document's.
  if (code !== 304) headers['content-length'] = body.length;
  response.writeHead(code, headers);
  response.end(body);
}

/** A sentence as a Warning header carries it (RFC 7234, code 299: miscellaneous). */
export function printWarning(sentence: string): string {
  // Header fields are Latin letters: anything else would not be sent at all.
  return `299 - ${JSON.stringify(sentence).replace(/[^\x20-\x7E]/g, '?')}`;
}
