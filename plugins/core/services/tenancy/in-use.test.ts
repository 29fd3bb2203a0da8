import { describe, expect, it } from 'vitest';
import { maxReferences, sayContents } from './in-use.ts';

describe('what is still in a workspace, project or department', () => {
  it.each([
    { contents: { namespace: 1 }, said: '1 namespace' },
    { contents: { department: 0, project: 2, namespace: 1 }, said: '2 projects and 1 namespace' },
    { contents: { department: 3, project: 1 }, said: '3 departments and 1 project' },
    { contents: { namespace: maxReferences }, said: `at least ${maxReferences} namespaces` },
  ])('is said as $said', ({ contents, said }) => {
    expect(sayContents(contents)).toBe(said);
  });
});
