import { describe, expect, it } from 'vitest';
import { logCollectionOf } from './log-collection-facts.ts';

const annotations = (value: unknown) => ({
  'longshore.dev/log-collection': typeof value === 'string' ? value : JSON.stringify(value),
});
const files = [{ directory: '/home/admin', pattern: '*.log' }];

describe('logCollectionOf', () => {
  it('reads what a collector reads, with its retention (CMP-63)', () => {
    const said = annotations({ web: { standardOutput: true, files, logStore: 'app', retentionDays: 14 } });
    const expected = { standardOutput: true, files, logStore: 'app', retentionDays: 14 };
    expect(logCollectionOf(said, 'web')).toEqual(expected);
    expect(logCollectionOf(said, 'web')).toEqual(expected);
    expect(logCollectionOf(said, 'sidecar')).toBeUndefined();
  });

  it.each([
    { name: 'no annotation', given: undefined },
    { name: 'no annotation among others', given: { app: 'web' } },
    { name: 'what is no JSON', given: annotations('{') },
    { name: 'a list', given: annotations([{ web: {} }]) },
    { name: 'a container that is a text', given: annotations({ web: 'all' }) },
  ])('says nothing of $name (refused, CMP-63)', ({ given }) => {
    expect(logCollectionOf(given, 'web')).toBeUndefined();
    expect(logCollectionOf(given, 'constructor')).toBeUndefined();
  });

  it('leaves out what makes no sense (CMP-63)', () => {
    const said = { standardOutput: 'yes', files: [null, { directory: 1 }, ...files], logStore: '', retentionDays: -1 };
    const nothing = { standardOutput: false, files, logStore: undefined, retentionDays: undefined };
    expect(logCollectionOf(annotations({ web: said }), 'web')).toEqual(nothing);
  });
});
