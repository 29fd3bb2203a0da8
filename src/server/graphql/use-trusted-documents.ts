import type { Plugin } from 'graphql-yoga';
import type { DocumentParams, TrustedDocuments } from './trusted-documents.ts';

/** Over HTTP: puts the text of a known document in the place of its id. */
export function useTrustedDocuments(documents: TrustedDocuments): Plugin {
  return {
    onParams({ request, params, setParams }) {
      const { documentId, ...rest } = params as typeof params & DocumentParams;
      // Of a GET only the parameters that have always been there are parsed.
      const inUrl = request.method === 'GET' ? new URL(request.url).searchParams.get('documentId') : undefined;
      const query = documents.textOf({ ...rest, documentId: documentId ?? inUrl });
      setParams({ ...rest, ...(query === undefined ? {} : { query }) });
    },
  };
}
