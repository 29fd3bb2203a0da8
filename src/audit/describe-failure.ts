import { AnswerError } from '../kernel/answer-error.ts';
import { RequestError } from '../kernel/request-error.ts';
import { storable } from './operation-rows.ts';

/** What a record says about a failure. The text of an error that is not in the error table stays in the log. */
export function describeFailure(
  error: unknown,
  requestId: string,
): { readonly code: string; readonly message: string } {
  if (error instanceof AnswerError || error instanceof RequestError) {
    return { code: error.code, message: storable(error.message) };
  }
  return { code: 'INTERNAL', message: storable(`Internal error; the log has it under request ${requestId}`) };
}
