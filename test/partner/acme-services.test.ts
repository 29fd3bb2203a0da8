import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateNextMigration } from '../../deploy/generate-migrations.ts';
import { checkTitle } from '../fixtures/acme-plugin/services/check-title.ts';
import { serviceTierOf } from '../fixtures/acme-plugin/services/service-tier.ts';
import { acmeSettings } from '../fixtures/acme-plugin/settings.ts';
import { acmePath } from './acme-gateway.ts';

describe('serviceTierOf', () => {
  const tierOf = (labels?: Record<string, string>) =>
    serviceTierOf({
      metadata: { name: 'web', uid: '1', resourceVersion: '1', creationTimestamp: '', ...(labels ? { labels } : {}) },
    });

  it('reads the label', () => {
    expect(tierOf({ 'support.acme.example/tier': 'gold' })).toBe('gold');
  });

  it.each([
    { name: 'no labels', labels: undefined },
    { name: 'other labels', labels: { tier: 'gold' } },
    { name: 'an empty label', labels: { 'support.acme.example/tier': ' ' } },
  ])('is undefined with $name (refused)', ({ labels }) => {
    expect(tierOf(labels)).toBeUndefined();
  });
});

describe('checkTitle', () => {
  it.each(['x', 'x'.repeat(200), 'Ümläute & emoji 🎻'])('accepts one line of 1 to 200 characters', (title) => {
    expect(checkTitle(title)).toEqual([]);
  });

  it.each([
    { title: '', code: 'too_small' },
    { title: ' \t ', code: 'too_small' },
    { title: 'x'.repeat(201), code: 'too_big' },
    { title: 'a\u0000b', code: 'invalid_format' },
    { title: 'a\nb', code: 'invalid_format' },
  ])('finds $code (refused)', ({ title, code }) => {
    expect(checkTitle(title)).toMatchObject([{ path: ['title'], code }]);
  });
});

describe('the settings of acme', () => {
  it('close after an hour unless told otherwise', () => {
    expect(acmeSettings.parse({})).toEqual({ closeAfterMinutes: 60 });
  });

  it.each([
    { closeAfterMinutes: 0 },
    { closeAfterMinutes: 1.5 },
    { closeAfterMinutes: 10_081 },
    { closeAfterHours: 1 },
  ])('refuse %o (refused)', (settings) => {
    expect(acmeSettings.safeParse(settings).success).toBe(false);
  });
});

describe('the tables of acme', () => {
  it('are what its migrations make', async () => {
    const target = { plugin: 'acme', tables: join(acmePath, 'tables.ts'), folder: join(acmePath, 'migrations') };
    expect(await generateNextMigration(target, { isCheck: true })).toBeUndefined();
  });
});
