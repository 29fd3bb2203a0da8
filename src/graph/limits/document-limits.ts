import { RequestError } from '../../kernel/request-error.ts';
import type { DocumentMeasure } from './measure-document.ts';

/** Bounds of one operation; none can be switched off. */
export interface DocumentLimits {
  /** Nested levels of fields. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields resolved, rows of lists included. */
  readonly cost: number;
  /** Lexical tokens of the document. */
  readonly tokens: number;
}

export const defaultDocumentLimits: DocumentLimits = {
  depth: 15,
  aliases: 200,
  directives: 100,
  cost: 100_000,
  tokens: 5_000,
};

/** Throws `TOO_COMPLEX`, naming the first bound that is passed. */
export function assertWithinLimits(measure: DocumentMeasure, limits: DocumentLimits): void {
  for (const name of ['depth', 'aliases', 'directives', 'cost'] as const) {
    if (measure[name] > limits[name]) {
      throw new RequestError(
        'TOO_COMPLEX',
        `The operation's ${name} must be at most ${limits[name]}, got ${measure[name]}`,
      );
    }
  }
}
