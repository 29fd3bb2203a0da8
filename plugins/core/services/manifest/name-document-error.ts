import {
  AnswerError,
  CapabilityMissingError,
  ConflictError,
  ForbiddenError,
  InUseError,
  NotFoundError,
  PreconditionError,
  QuotaExceededError,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import { pathByKeys } from './path-by-keys.ts';
import { describeDocument, type PlannedDocument } from './plan-apply.ts';

/**
 * The same answer, but it says which document it is about; an issue of the cluster points to its line. What is no
 * answer passes as it is.
 */
export function nameDocumentError(error: unknown, plan: PlannedDocument): unknown {
  if (!(error instanceof AnswerError)) return error;
  const { document } = plan;
  const message = `Document ${document.index}, ${describeDocument(plan)}: ${error.message}`;
  const options = { cause: error };
  if (error instanceof ValidationError) {
    return new ValidationError(
      error.issues.map((issue) => {
        const path = pathByKeys(document.object, issue.path);
        return {
          ...issue,
          path: ['manifest', document.index, ...path],
          message: `${describeDocument(plan)}: ${issue.message}`,
          ...document.locate(path, issue.code === 'unknown_field' ? 'key' : 'value'),
        };
      }),
      options,
    );
  }
  if (error instanceof ConflictError) return new ConflictError(message, { ...options, managers: error.managers });
  if (error instanceof PreconditionError) return new PreconditionError(error.reason, message, options);
  if (error instanceof CapabilityMissingError) {
    return new CapabilityMissingError(error.capability, message, {
      ...options,
      ...(error.hint ? { hint: error.hint } : {}),
    });
  }
  if (error instanceof InUseError) return new InUseError(message, error.references, options);
  if (error instanceof UpstreamError) return new UpstreamError(error.upstream, message, options);
  if (error instanceof ForbiddenError) return new ForbiddenError(message, options);
  if (error instanceof QuotaExceededError) return new QuotaExceededError(message, options);
  return error instanceof NotFoundError ? new NotFoundError(message, options) : error;
}
