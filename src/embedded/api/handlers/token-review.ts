import { clusterIssuer } from '../../access/create-token-issuer.ts';
import { asList, asObject, asString } from '../../machinery/json.ts';
import type { Handler } from '../api-context.ts';
import { parseReview, printUser, reviewAnswer } from '../review-answer.ts';
import { badRequest } from '../status-error.ts';

/** POST of TokenReview: whom a token stands for, if it was meant for one of the audiences that ask. */
export const handleTokenReview: Handler = async (context, request) => {
  const review = parseReview(request);
  const spec = asObject(review.object.spec) ?? {};
  const token = asString(spec.token) ?? '';
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const audiences = asList(spec.audiences).map(String);
  const outcome = await context.authenticator.reviewToken(token, audiences.length === 0 ? [clusterIssuer] : audiences);
  const status =
    'error' in outcome
      ? { user: {}, error: outcome.error }
      : { authenticated: true, user: printUser(outcome.user), audiences: outcome.audiences };
  return reviewAnswer(request, review, { spec, status });
};
