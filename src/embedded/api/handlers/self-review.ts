import type { Handler } from '../api-context.ts';
import { parseReview, printUser, reviewAnswer } from '../review-answer.ts';

/** POST of SelfSubjectReview: who the server takes the caller for, after impersonation. */
export const handleSelfReview: Handler = (context, request) => {
  const metadata = { creationTimestamp: context.registry.environment.now() };
  const review = parseReview(request);
  return reviewAnswer(
    request,
    { ...review, object: { ...review.object, metadata } },
    { status: { userInfo: printUser(request.user) } },
  );
};
