import { asList, asObject, asString, type JsonObject } from '../../machinery/json.ts';
import type { ApiRequest, Handler, ObjectAnswer } from '../api-context.ts';
import type { AccessAttributes, UserInfo } from '../authorize.ts';
import { parseObjectBody } from '../parse-body.ts';
import { badRequest } from '../status-error.ts';

/** POST of SelfSubjectAccessReview, SubjectAccessReview and LocalSubjectAccessReview: asks the authorizer itself. */
export const handleAccessReview: Handler = (context, request) => {
  const body = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  const spec = asObject(body.spec) ?? {};
  const isSelf = request.info.resource === 'selfsubjectaccessreviews';
  const decision = context.authorizer.authorize(isSelf ? request.user : userOf(spec), attributesOf(spec));
  const { isAllowed, reason } = decision;
  return created(body, { spec, status: { allowed: isAllowed, ...(reason === '' ? {} : { reason }) } });
};

/** POST of SelfSubjectReview: who the server takes the caller for. */
export const handleSelfReview: Handler = (_context, request) => {
  const body = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  return created(body, { status: { userInfo: printUser(request) } });
};

/** POST of SelfSubjectRulesReview: a hint at what the caller may do in one namespace. */
export const handleRulesReview: Handler = (context, request) => {
  const body = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  const namespace = asString(asObject(body.spec)?.namespace) ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const everything: AccessAttributes = { verb: '*', group: '*', resource: '*', subresource: '', namespace, name: '' };
  const { isAllowed } = context.authorizer.authorize(request.user, everything);
  const resourceRules = isAllowed ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : [];
  return created(body, {
    spec: { namespace },
    status: {
      resourceRules,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/api', '/apis', '/version'] }],
      incomplete: false,
    },
  });
};

function created(body: JsonObject, parts: JsonObject): ObjectAnswer {
  return {
    code: 201,
    body: { kind: body.kind, apiVersion: body.apiVersion, metadata: { creationTimestamp: null }, ...parts },
  };
}

function userOf(spec: JsonObject): UserInfo {
  const username = asString(spec.user) ?? '';
  const groups = asList(spec.groups).map(String);
  if (username === '' && groups.length === 0)
    throw badRequest('spec.user: at least one of user or group must be specified');
  return { username, uid: asString(spec.uid) ?? '', groups, extra: {} };
}

function attributesOf(spec: JsonObject): AccessAttributes {
  const resource = asObject(spec.resourceAttributes);
  const path = asObject(spec.nonResourceAttributes);
  if ((resource === undefined) === (path === undefined)) {
    throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
  }
  const of = (key: string): string => asString((resource ?? path)?.[key]) ?? '';
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

function printUser({ user }: ApiRequest): JsonObject {
  return {
    username: user.username,
    ...(user.uid === '' ? {} : { uid: user.uid }),
    groups: user.groups,
    ...(Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
  };
}
