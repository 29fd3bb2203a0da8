import { describe, expect, it } from 'vitest';
import { ConflictError, PreconditionError, ValidationError } from '../../kernel/answer-error.ts';
import { podKind } from '../testing/test-cluster.ts';
import { KubeStatusError, statusOf } from './kube-status-error.ts';
import { fieldPath, translateStatus } from './translate-failure.ts';

const subject = { cluster: 'c', kind: podKind, namespace: 'shop', name: 'web' };

function refusal(status: number, message: string, more: Partial<KubeStatusError> = {}): KubeStatusError {
  return new KubeStatusError(status, message, {
    reason: '',
    causes: [],
    objectName: 'web',
    retryAfterSeconds: undefined,
    ...more,
  });
}

const causeOf = (reason: string) => [{ reason, message: 'why', field: undefined }];

describe('translateStatus', () => {
  it.each([
    { error: refusal(400, 'bad'), code: 'VALIDATION', message: "Pod 'shop/web': bad" },
    { error: refusal(403, 'pods is forbidden'), code: 'FORBIDDEN', message: 'pods is forbidden' },
    {
      error: refusal(403, 'forbidden: exceeded quota: team, requested: pods=1'),
      code: 'QUOTA_EXCEEDED',
      message: 'exceeded quota',
    },
    {
      error: refusal(403, 'no', { causes: causeOf('NamespaceTerminating') }),
      code: 'PRECONDITION_FAILED',
      message: "Namespace 'shop' is being deleted.",
    },
    { error: refusal(404, 'pods "web" not found'), code: 'NOT_FOUND', message: "Pod 'shop/web' was not found." },
    {
      error: refusal(404, 'namespaces "shop" not found', { objectName: 'shop' }),
      code: 'NOT_FOUND',
      message: 'namespaces "shop" not found',
    },
    {
      error: refusal(404, '404 page', { objectName: undefined }),
      code: 'CAPABILITY_MISSING',
      message: "Cluster 'c' does not serve pods of v1.",
    },
    { error: refusal(405, 'no'), code: 'CAPABILITY_MISSING', message: 'does not serve' },
    { error: refusal(409, 'exists'), code: 'CONFLICT', message: 'exists' },
    { error: refusal(413, 'too large'), code: 'VALIDATION', message: 'too large' },
    {
      error: refusal(429, 'budget', { causes: causeOf('DisruptionBudget') }),
      code: 'PRECONDITION_FAILED',
      message: 'budget',
    },
    {
      error: refusal(429, 'slow down'),
      code: 'UPSTREAM',
      message: "cluster 'c' answered 429 for Pod 'shop/web': slow down",
    },
    { error: refusal(500, 'etcd'), code: 'UPSTREAM', message: 'etcd' },
    { error: refusal(410, 'old'), code: 'UPSTREAM', message: 'old' },
    { error: refusal(418, 'tea'), code: 'UPSTREAM', message: 'tea' },
  ])('$error.status $error.message is $code', ({ error, code, message }) => {
    const answer = translateStatus(error, subject);
    expect(answer.code).toBe(code);
    expect(answer.message).toContain(message);
    expect(answer.cause).toBe(error);
    expect(statusOf(new Error('around', { cause: answer }))).toBe(error.status);
  });

  it('names the field managers of a conflict', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
    ];
    const answer = translateStatus(refusal(409, 'Apply failed', { causes }), subject);
    expect(answer).toBeInstanceOf(ConflictError);
    expect(answer).toMatchObject({ managers: [{ manager: 'kubectl', field: '.spec.replicas' }] });
  });

  it.each([
    ['conflict with "argocd"', { manager: 'argocd', operation: 'APPLY' }],
    ['conflict with "kubectl" using apps/v1 at 2026-01-01T00:00:00Z', { manager: 'kubectl', operation: 'UPDATE' }],
    [
      'conflict with "hpa" with subresource "scale" using apps/v1',
      { manager: 'hpa', operation: 'UPDATE', subresource: 'scale' },
    ],
  ])('reads how a manager came to own a field: %s', (message, owner) => {
    const causes = [{ reason: 'FieldManagerConflict', message, field: '.spec.replicas' }];
    expect(translateStatus(refusal(409, 'Apply failed', { causes }), subject)).toMatchObject({
      managers: [{ ...owner, field: '.spec.replicas' }],
    });
  });

  it.each([
    [
      500,
      'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
      [{ path: ['spec', 'foo'], code: 'unknown_field' }],
    ],
    [
      500,
      'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): errors:\n  .spec.a: field not declared in schema\n  .spec.replicas: expected numeric (int or float), got string',
      [
        { path: ['spec', 'a'], code: 'unknown_field' },
        { path: ['spec', 'replicas'], code: 'wrong_type', message: 'spec.replicas: expected numeric (int or float)' },
      ],
    ],
    [
      500,
      'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.containers: duplicate entries for key [name="a"]',
      [{ path: ['spec', 'containers'], code: 'duplicate_entry' }],
    ],
    [
      500,
      'failed to convert new object (shop/web; apps/v1, Kind=Deployment) to proper version: json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
      [{ path: [], code: 'invalid' }],
    ],
    [
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      [{ path: ['spec', 'replicas'], code: 'wrong_type' }],
    ],
  ])('says what does not fit the schema, also where the server calls it %i', (status, message, issues) => {
    const answer = translateStatus(refusal(status, message), subject);
    expect(answer).toBeInstanceOf(ValidationError);
    expect(answer).toMatchObject({ issues });
  });

  it('tells another object of the same name, which a patch finds out by a field that cannot change', () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'field is immutable', field: 'metadata.uid' }];
    expect(translateStatus(refusal(422, 'Pod "web" is invalid', { causes }), subject)).toBeInstanceOf(ConflictError);
  });

  it('makes issues of causes, with paths into the object', () => {
    const causes = [
      { reason: 'FieldValueInvalid', message: 'must be greater', field: 'spec.containers[0].ports[1].port' },
      { reason: 'FieldValueNotSupported', message: 'metadata.labels[a.b/c]: what', field: 'metadata.labels[a.b/c]' },
    ];
    const answer = translateStatus(refusal(422, 'Pod "web" is invalid', { causes }), subject);
    expect(answer).toBeInstanceOf(ValidationError);
    expect(answer).toMatchObject({
      issues: [
        {
          path: ['spec', 'containers', 0, 'ports', 1, 'port'],
          code: 'invalid',
          message: 'spec.containers[0].ports[1].port: must be greater',
        },
        { path: ['metadata', 'labels', 'a.b/c'], code: 'not_supported', message: 'metadata.labels[a.b/c]: what' },
      ],
    });
  });

  it('makes issues of strict decoding', () => {
    const message =
      'Pod in version "v1" cannot be handled: strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"';
    expect(translateStatus(refusal(400, message), subject)).toMatchObject({
      issues: [
        { path: ['spec', 'foo'], code: 'unknown_field', message: 'unknown field "spec.foo"' },
        { path: ['spec', 'bar'], code: 'duplicate_field' },
      ],
    });
  });

  it('tells a container that has not started from a bad request', () => {
    const answer = translateStatus(
      refusal(400, 'container "app" in pod "web" is waiting to start: ContainerCreating'),
      subject,
    );
    expect(answer).toBeInstanceOf(PreconditionError);
    expect(answer).toMatchObject({ reason: 'CONTAINER_NOT_STARTED' });
  });
});

describe('fieldPath', () => {
  it.each([
    ['', []],
    ['.spec.replicas', ['spec', 'replicas']],
    ['a[0][b.c/d].e', ['a', 0, 'b.c/d', 'e']],
  ])('%s', (field, path) => {
    expect(fieldPath(field)).toEqual(path);
  });
});
