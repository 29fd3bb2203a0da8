import type { AnswerError } from '../../kernel/answer-error.ts';

/** An answer error as data: graphql takes any `Error` that a resolver returns for one that it has thrown. */
export type Answer<E extends AnswerError = AnswerError> = Omit<E, 'stack' | 'cause'>;

export function answerOf<E extends AnswerError>(error: E): Answer<E> {
  // `message` is not enumerable on errors, so a copy has to name it.
  return { ...error, name: error.name, message: error.message };
}
