const literalOrCall = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])has(?=\s*\()|(?<!\w)matches(?=\s*\()/g;

/**
 * The expression with its calls of functions that the CEL library has otherwise, and lets nobody replace, as calls of
 * ours: `has` and `matches` with a capital. Every other letter stays where it is, so that errors find their place.
 */
export function withOwnFunctions(source: string): string {
  return source.replace(literalOrCall, (found) => {
    return found === 'has' || found === 'matches' ? found.slice(0, 1).toUpperCase() + found.slice(1) : found;
  });
}
