import type { AccessAttributes, UserInfo } from '../../access/authorizer.ts';
import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { FieldErrors } from '../../registry/validation/field-errors.ts';
import { problemsOfQualifiedName } from '../../registry/validation/names.ts';
import type { Handler } from '../api-context.ts';
import { parseReview, reviewAnswer } from '../review-answer.ts';
import { invalid } from '../status-error.ts';

const group = 'authorization.k8s.io';

/** POST of SelfSubjectAccessReview, SubjectAccessReview and LocalSubjectAccessReview: asks the authorizer itself. */
export const handleAccessReview: Handler = (context, request) => {
  const review = parseReview(request);
  const spec = asObject(review.object.spec) ?? {};
  const isSelf = request.info.resource === 'selfsubjectaccessreviews';
  const { namespace } = request.info;
  const errors = new FieldErrors();
  validateSpec(spec, isSelf, errors);
  const {
    managedFields,
    namespace: sentNamespace,
    creationTimestamp,
    ...metadata
  } = asObject(review.object.metadata) ?? {};
  if (Object.keys(metadata).length > 0 || (namespace === undefined && (sentNamespace ?? '') !== '')) {
    const text = namespace === undefined ? 'must be empty' : 'must be empty except for namespace';
    errors.invalid(
      'metadata',
      { ...metadata, ...(sentNamespace === undefined ? {} : { namespace: sentNamespace }) },
      text,
    );
  }
  if (namespace !== undefined) validateLocal(spec, namespace, errors);
  // The real server leaves the kind out of this message, and so do we.
  if (errors.causes.length > 0) throw invalid({ group, plural: request.info.resource, kind: '' }, '', errors.causes);

  const user = isSelf ? request.user : userOf(spec);
  const { isAllowed, reason } = context.authorizer.authorize(user, attributesOf(spec));
  const status = { allowed: isAllowed, ...(reason === '' ? {} : { reason }) };
  return reviewAnswer(request, review, { spec, status });
};

function validateSpec(spec: JsonObject, isSelf: boolean, errors: FieldErrors): void {
  const resource = asObject(spec.resourceAttributes);
  const path = asObject(spec.nonResourceAttributes);
  if (resource !== undefined && path !== undefined) {
    const text = 'cannot be specified in combination with resourceAttributes';
    errors.invalid('spec.nonResourceAttributes', printPath(path), text);
  }
  if (resource === undefined && path === undefined) {
    const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.invalid('spec.resourceAttributes', null, text);
  }
  if (!isSelf && (spec.user ?? '') === '' && asList(spec.groups).length === 0) {
    errors.invalid('spec.user', '', 'at least one of user or group must be specified');
  }
  for (const kind of ['fieldSelector', 'labelSelector']) {
    const selector = asObject(resource?.[kind]);
    if (selector === undefined) continue;
    const field = `spec.resourceAttributes.${kind}`;
    const hasRaw = (selector.rawSelector ?? '') !== '';
    const hasRequirements = asList(selector.requirements).length > 0;
    if (hasRaw && hasRequirements) {
      errors.invalid(
        `${field}.rawSelector`,
        selector.rawSelector,
        'may not specified at the same time as requirements',
      );
    }
    if (kind === 'labelSelector') {
      asObjectList(selector.requirements).forEach(({ key }, at) => {
        errors.eachInvalid(`${field}.requirements[${at}].key`, key ?? '', problemsOfQualifiedName(String(key ?? '')));
      });
    }
    if (!hasRaw && !hasRequirements) {
      errors.required(`${field}.requirements`, `when ${field} is specified, requirements or rawSelector is required`);
    }
  }
}

function validateLocal(spec: JsonObject, namespace: string, errors: FieldErrors): void {
  const resource = asObject(spec.resourceAttributes);
  if (resource !== undefined && (resource.namespace ?? '') !== namespace) {
    errors.invalid('spec.resourceAttributes.namespace', resource.namespace ?? '', 'must match metadata.namespace');
  }
  const path = asObject(spec.nonResourceAttributes);
  if (path !== undefined) {
    errors.invalid('spec.nonResourceAttributes', printPath(path), 'disallowed on this kind of request');
  }
}

function printPath(path: JsonObject): JsonObject {
  return { Path: path.path ?? '', Verb: path.verb ?? '' };
}

function userOf(spec: JsonObject): UserInfo {
  const extra = Object.entries(asObject(spec.extra) ?? {}).map(([key, values]) => [key, asList(values).map(String)]);
  return {
    username: asString(spec.user) ?? '',
    groups: asList(spec.groups).map(String),
    uid: asString(spec.uid) ?? '',
    extra: Object.fromEntries(extra),
  };
}

function attributesOf(spec: JsonObject): AccessAttributes {
  const path = asObject(spec.nonResourceAttributes);
  const asked = asObject(spec.resourceAttributes) ?? path ?? {};
  const of = (key: string): string => asString(asked[key]) ?? '';
  return {
    verb: of('verb'),
    group: of('group'),
    resource: of('resource'),
    subresource: of('subresource'),
    namespace: of('namespace'),
    name: of('name'),
    ...(path === undefined ? {} : { path: of('path') }),
  };
}
