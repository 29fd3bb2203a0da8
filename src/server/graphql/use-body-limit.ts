import { GraphQLError } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';

/**
 * Refuses bodies above a limit: by the length that they state, which Node's HTTP parser holds them to, or else by
 * counting what comes. Yoga's own limit counts every body through a pipeline of streams, a tenth of a small request.
 */
export function useBodyLimit(maxBytes: number): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      const stated = request.headers.get('content-length');
      if (stated !== null) {
        if (!/^\d+$/.test(stated)) throw refusal('Content-Length header is invalid.', 'BAD_REQUEST', 400);
        if (Number(stated) > maxBytes) throw tooLarge();
        return;
      }
      if (!requestParser || !request.body) return;
      setRequestParser(async (unread) => requestParser(await readWithin(unread, maxBytes, fetchAPI)));
    },
  };
}

async function readWithin(request: Request, maxBytes: number, fetchAPI: FetchAPI): Promise<Request> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    bytes += read.value.byteLength;
    if (bytes > maxBytes) {
      // To stop reading would cut the connection before the refusal is heard. The server's own time-out ends it.
      discard(reader).catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(read.value);
  }
  const { url, method, headers, signal } = request;
  return new fetchAPI.Request(url, { method, headers, signal, body: Buffer.concat(chunks) });
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  while (!((await reader?.read())?.done ?? true));
}

const tooLarge = () => refusal('Request body too large', 'REQUEST_ENTITY_TOO_LARGE', 413);

function refusal(message: string, code: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
