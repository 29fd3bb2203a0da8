import { createHash } from 'node:crypto';
import { type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestContext } from '../request-context.ts';
import type { AnswerCache, AnswerKey } from './answer-cache.ts';
import { isRendered, type RenderedResult, renderedResult } from './rendered-result.ts';

/** What the transport has put beside the context. */
interface Surroundings {
  /** Told by what the answer is found again. */
  readonly knownAs?: (key: AnswerKey) => void;
}

/**
 * Gives an answer again while nothing it was made from has changed: same document and operation, variables and rights.
 * Answers with errors, of mutations and of streams are made anew each time. GET gets an ETag, and 304 where it matches.
 */
export function useAnswerReuse({ cache }: { readonly cache: AnswerCache }): Plugin<RequestContext> {
  /** Bytes of answers to GET, until their response is made. */
  const answersToGet = new WeakMap<Request, Uint8Array>();

  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { access, reads, knownAs } = args.contextValue as unknown as RequestContext & Surroundings;
      const operation = getOperationAST(args.document, args.operationName);
      if (operation?.operation !== 'query') return undefined;
      const variables = JSON.stringify(args.variableValues ?? {});
      const key: AnswerKey = { operation, rights: access.canonical, variables };
      const known = cache.find(key, reads.principal);
      if (known !== undefined) {
        knownAs?.(key);
        setResultAndStopExecution(renderedResult(known.bytes) as never);
        return undefined;
      }
      return {
        onExecuteDone({ result, setResult }) {
          if (!isWhole(result)) return;
          const sources = reads.sources();
          if (sources === undefined) return;
          if (isRendered(result)) {
            cache.keep(key, { bytes: result.stringify(), sources });
            knownAs?.(key);
            return;
          }
          const stringify = (whole: unknown): Uint8Array => {
            const bytes = Buffer.from(JSON.stringify(withoutStringify(whole)));
            cache.keep(key, { bytes, sources });
            knownAs?.(key);
            return bytes;
          };
          setResult({ ...result, stringify } as never);
        },
      };
    },
    onResultProcess({ request, result, setResult }) {
      if (request.method !== 'GET' || !isWhole(result)) return;
      const stringify = (result as Partial<RenderedResult>).stringify ?? JSON.stringify;
      const remember = (whole: unknown): Uint8Array => {
        const text = stringify(whole);
        const bytes = typeof text === 'string' ? Buffer.from(text) : (text as Uint8Array);
        answersToGet.set(request, bytes);
        return bytes;
      };
      setResult(Object.defineProperty(result, 'stringify', { value: remember, enumerable: false }) as never);
    },
    onResponse({ request, response, setResponse, fetchAPI }) {
      const bytes = answersToGet.get(request);
      if (bytes === undefined || response.status !== 200) return;
      const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
      response.headers.set('etag', etag);
      response.headers.set('cache-control', 'private, no-cache');
      response.headers.set('vary', 'accept, authorization');
      if (!matches(request.headers.get('if-none-match'), etag)) return;
      const headers = Object.fromEntries(
        ['etag', 'cache-control', 'vary'].map((name) => [name, response.headers.get(name) ?? '']),
      );
      setResponse(new fetchAPI.Response(null, { status: 304, headers }));
    },
  };
}

function isWhole(result: unknown): result is ExecutionResult {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return false;
  return !(Symbol.asyncIterator in result) && !('errors' in result && result.errors) && 'data' in result;
}

function withoutStringify(result: unknown): unknown {
  const { stringify: _, ...rest } = result as Partial<RenderedResult>;
  return rest;
}

/** `If-None-Match`: a list of tags, weak ones count as equal (RFC 9110, section 13.1.2). */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
