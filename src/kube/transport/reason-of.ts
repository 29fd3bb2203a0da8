import { AnswerError } from '../../kernel/answer-error.ts';
import { ConnectionError } from './connection-error.ts';
import { KubeStatusError } from './kube-status-error.ts';

/** What callers may be told of a failure. The words of an error that nobody expected are for the log alone. */
export function reasonOf(error: unknown): string {
  return isExpected(error) ? error.message : 'the gateway met an unexpected error';
}

/** Whether a failure is one of those that clusters and connections are known to have. */
export function isExpected(error: unknown): error is Error {
  return error instanceof AnswerError || error instanceof ConnectionError || error instanceof KubeStatusError;
}
