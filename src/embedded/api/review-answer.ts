import type { UserInfo } from '../access/authorizer.ts';
import { asObject, type JsonObject } from '../machinery/json.ts';
import { reviewResources } from '../registry/review-resources.ts';
import type { ApiRequest, ObjectAnswer } from './api-context.ts';
import { parseObjectBody } from './parse-body.ts';

/** The review that was sent, with the kind of its path where it names none. */
export function parseReview(request: ApiRequest): JsonObject {
  const { group, version, resource } = request.info;
  const kind = reviewResources.find((review) => review.plural === resource && review.group === group)?.kind;
  const sent = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  return { ...sent, kind: sent.kind ?? kind, apiVersion: sent.apiVersion ?? `${group}/${version}` };
}

/** A review is never stored: it comes back with its answer. */
export function reviewAnswer(request: ApiRequest, review: JsonObject, parts: JsonObject): ObjectAnswer {
  const { namespace } = request.info;
  const metadata = { ...asObject(review.metadata), ...(namespace === undefined ? {} : { namespace }) };
  return { code: 201, body: { kind: review.kind, apiVersion: review.apiVersion, metadata, ...parts } };
}

/** authentication.k8s.io's UserInfo: what is empty is left out. */
export function printUser(user: UserInfo): JsonObject {
  return {
    username: user.username,
    ...(user.uid === '' ? {} : { uid: user.uid }),
    ...(user.groups.length === 0 ? {} : { groups: user.groups }),
    ...(Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
  };
}
