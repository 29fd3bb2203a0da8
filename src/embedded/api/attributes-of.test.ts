import { describe, expect, it } from 'vitest';
import { attributesOf } from './attributes-of.ts';
import { parseRequestInfo } from './request-info.ts';

const asked = (method: string, target: string) => {
  const url = new URL(target, 'https://localhost');
  const { verb, resource, namespace, name, path } = attributesOf(
    parseRequestInfo(method, url.pathname, url.searchParams),
    url.searchParams,
  );
  return [verb, path ?? resource, namespace, name];
};

describe('attributesOf', () => {
  it.each([
    ['GET', '/api/v1/namespaces/a/pods/b', ['get', 'pods', 'a', 'b']],
    ['GET', '/api/v1/pods', ['list', 'pods', '', '']],
    ['GET', '/api/v1/namespaces/a', ['get', 'namespaces', 'a', 'a']],
    ['GET', '/healthz/ping', ['get', '/healthz/ping', '', '']],
    ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Db', ['list', 'pods', '', 'b']],
    ['GET', '/api/v1/pods?watch=1&fieldSelector=metadata.name%3Db,spec.nodeName%3Dn', ['watch', 'pods', '', 'b']],
    ['GET', '/api/v1/pods?fieldSelector=metadata.name!%3Db', ['list', 'pods', '', '']],
    ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Da/b', ['list', 'pods', '', '']],
    ['GET', '/api/v1/pods?fieldSelector=metadata.name', ['list', 'pods', '', '']],
    ['DELETE', '/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Db', ['deletecollection', 'pods', 'a', '']],
  ])('asks for %s %s', (method, target, expected) => {
    expect(asked(method, target)).toEqual(expected);
  });
});
