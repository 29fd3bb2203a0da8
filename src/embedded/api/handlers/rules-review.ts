import { aggregate } from '../../access/create-rbac-authorizer.ts';
import { printRule } from '../../access/policy-rule.ts';
import { asObject, asString } from '../../machinery/json.ts';
import type { Handler } from '../api-context.ts';
import { parseReview, reviewAnswer } from '../review-answer.ts';
import { badRequest } from '../status-error.ts';

/** POST of SelfSubjectRulesReview: everything the caller may do in one namespace. */
export const handleRulesReview: Handler = (context, request) => {
  const review = parseReview(request);
  const namespace = asString(asObject(review.object.spec)?.namespace) ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const { rules, errors } = context.authorizer.rulesFor(request.user, namespace);
  const status = {
    resourceRules: rules
      .filter(({ resources }) => resources.length > 0)
      .map((rule) => printRule({ ...rule, nonResourceURLs: [] })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
    ...(errors.length === 0 ? {} : { evaluationError: aggregate(errors) }),
  };
  return reviewAnswer(request, { ...review, object: { ...review.object, metadata: {} } }, { spec: {}, status });
};
