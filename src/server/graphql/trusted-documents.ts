import { readFileSync, statSync } from 'node:fs';
import { parse } from 'graphql';
import { RequestError } from '../../kernel/request-error.ts';
import { StartError } from '../start-error.ts';

/** What a request says of its document, over whichever transport. */
export interface DocumentParams {
  readonly query?: string | null | undefined;
  /** GraphQL over HTTP, appendix "Persisted Documents". */
  readonly documentId?: unknown;
  /** `persistedQuery.sha256Hash`: how Apollo's clients name a document. */
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Documents that are known by their ids, since they came with a release of a frontend. */
export interface TrustedDocuments {
  /**
   * The text to execute. Throws `BAD_USER_INPUT` for an id that nobody knows and `FORBIDDEN` for a text where only known
   * documents are executed.
   */
  textOf(params: DocumentParams): string | undefined;
}

const maxFileBytes = 16 * 1_048_576;

export function createTrustedDocuments(
  documents: ReadonlyMap<string, string>,
  { only }: { readonly only: boolean },
): TrustedDocuments {
  return {
    textOf(params) {
      const id = documentIdOf(params);
      if (id === undefined) {
        if (only) throw new RequestError('FORBIDDEN', 'Only documents that are known by their ids are executed here');
        return params.query ?? undefined;
      }
      const text = typeof id === 'string' ? documents.get(withoutAlgorithm(id)) : undefined;
      // Whoever sends both means the one with the id: a text beside it must not get past the list.
      if (text === undefined) throw new RequestError('BAD_USER_INPUT', 'No document has this id');
      return text;
    },
  };
}

/** `{ "<id>": "<document>" }`, as code generators write it. Throws `StartError` for what is none. */
export function readTrustedDocuments(path: string): ReadonlyMap<string, string> {
  const refuse = (why: string): StartError => new StartError(`trustedDocuments.file ${path} ${why}`);
  let content: unknown;
  try {
    if (statSync(path).size > maxFileBytes) throw refuse(`is larger than ${maxFileBytes} bytes`);
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw refuse('cannot be read as JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw refuse('is no map of documents');
  const documents = new Map<string, string>();
  for (const [id, text] of Object.entries(content)) {
    if (typeof text !== 'string' || !isDocument(text)) throw refuse(`has no GraphQL document under '${id}'`);
    documents.set(withoutAlgorithm(id), text);
  }
  return documents;
}

/** Undefined where none was sent; what is no text is an id that nobody knows. */
function documentIdOf({ documentId, extensions }: DocumentParams): unknown {
  const persisted = extensions?.persistedQuery as { readonly sha256Hash?: unknown } | undefined;
  return documentId ?? persisted?.sha256Hash ?? undefined;
}

const withoutAlgorithm = (id: string): string => id.replace(/^sha256:/, '');

function isDocument(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
