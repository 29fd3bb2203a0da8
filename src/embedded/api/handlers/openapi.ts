import type { OpenApi } from '../../openapi/create-openapi.ts';
import type { Answer, ApiRequest } from '../api-context.ts';
import { answerDocument } from './answer-document.ts';

const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** client-go asks by the older name, which is no media type. */
const protobufNames = new Set([protobufType, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf']);
const prefix = '/openapi/v3/';
const yearMs = 365 * 24 * 3600 * 1000;

/**
 * `/openapi/v3` with the hashes of its documents, the documents, and `/openapi/v2`. An address that carries the hash of its
 * document may be kept for ever. An unknown one is an empty 404.
 */
export async function answerOpenApi(openApi: OpenApi, request: ApiRequest, nowMs: number): Promise<Answer> {
  const { path } = request.info;
  const accepts = request.headers.accept ?? '*/*';
  if (path === '/openapi/v3') {
    const hashes = await openApi.index();
    const paths = Object.fromEntries(
      [...hashes].map(([name, hash]) => [name, { serverRelativeURL: addressOf(name, hash) }]),
    );
    return { code: 200, text: JSON.stringify({ paths }), contentType: 'application/json' };
  }
  if (path === '/openapi/v2') {
    if (accepts.split(',').some((each) => protobufNames.has(each.trim()))) {
      const { bytes, hash } = await openApi.wholeProtobuf();
      return answerDocument(request, bytes, { etag: `"${hash}"`, vary: 'Accept' }, protobufType);
    }
  }
  if (!isJson(accepts)) return { code: 406, text: '', contentType: 'application/json', headers: { vary: 'Accept' } };
  if (path === '/openapi/v2') {
    const { json, hash } = await openApi.whole();
    return answerDocument(request, json, { etag: `"${hash}"`, vary: 'Accept' });
  }
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  const document = await openApi.groupVersion(name);
  if (document === undefined) return { code: 404, text: '', contentType: 'application/json' };
  const headers = { etag: `"${document.hash}"`, vary: 'Accept' };
  const asked = request.query.get('hash') ?? '';
  if (asked === '') return answerDocument(request, document.json, headers);
  if (asked !== document.hash) {
    const location = addressOf(name, document.hash);
    return { code: 301, text: '', contentType: 'application/json', headers: { ...headers, location } };
  }
  const expires = new Date(nowMs + yearMs).toUTCString();
  return answerDocument(request, document.json, { ...headers, 'cache-control': 'public, immutable', expires });
}

function addressOf(name: string, hash: string): string {
  return `${prefix}${name}?hash=${hash}`;
}

/** Documents of version 3 are there as JSON alone; clients that would also take protobuf say so beside it. */
function isJson(accept: string): boolean {
  return accept.split(',').some((each) => {
    const type = each.split(';', 1)[0]?.trim() ?? '';
    return type === 'application/json' || type === '*/*' || type === 'application/*' || type === '';
  });
}
