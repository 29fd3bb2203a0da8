import type { UserInfo } from '../access/authorizer.ts';
import { asObject, type JsonObject } from '../machinery/json.ts';
import { defineResource } from '../registry/define-resource.ts';
import { reviewResources } from '../registry/review-resources.ts';
import type { ApiRequest, ObjectAnswer } from './api-context.ts';
import { decodeSent } from './field-validation.ts';
import { parseObjectBody } from './parse-body.ts';
import { badRequest } from './status-error.ts';

export interface Review {
  /** What was sent, with the kind of its path where it names none. */
  readonly object: JsonObject;
  /** What the one who asks is warned of: fields nobody knows. */
  readonly warnings: readonly string[];
}

const resources = reviewResources.map((review) => defineResource({ ...review, isClusterScoped: !review.namespaced }));

/** Decodes a review as strictly as any other kind. Throws `StatusError` 400 for what is none, or for another namespace. */
export function parseReview(request: ApiRequest): Review {
  const { group, resource, namespace } = request.info;
  const review = resources.find(({ definition }) => definition.plural === resource && definition.group === group);
  if (review === undefined) throw new Error(`${resource} of group "${group}" are no reviews`);
  const warnings: string[] = [];
  const sent = parseObjectBody(request.body, request.headers['content-type']);
  const object = decodeSent(review, sent, request, warnings);
  const sentNamespace = object.metadata.namespace ?? '';
  if (namespace !== undefined && sentNamespace !== '' && sentNamespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { object, warnings };
}

/** A review is never stored: it comes back with its answer. */
export function reviewAnswer(request: ApiRequest, { object, warnings }: Review, parts: JsonObject): ObjectAnswer {
  const { namespace } = request.info;
  const metadata = { ...asObject(object.metadata), ...(namespace === undefined ? {} : { namespace }) };
  return { code: 201, body: { kind: object.kind, apiVersion: object.apiVersion, metadata, ...parts }, warnings };
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
