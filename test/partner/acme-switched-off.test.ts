import { lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { buildConfiguredSchema } from '../../src/server/build-configured-schema.ts';
import { acmePath } from './acme-gateway.ts';

async function schemaWith(plugins: readonly string[]): Promise<string> {
  const settings = loadSettings({ mode: 'schema', argv: ['--plugins', plugins.join(',')], env: {} });
  const { schema } = await buildConfiguredSchema(settings);
  return print(parse(printSchema(lexicographicSortSchema(schema))));
}

/** The SDL without what acme named: its types, its fields on others' types, its members of others' enums. */
function withoutAcme(sdl: string): string {
  const drop = (pattern: RegExp) => ({
    enter: ({ name }: { readonly name: { readonly value: string } }) => (pattern.test(name.value) ? null : undefined),
  });
  const types = drop(/^(Acme|(Open|Close|Install)Acme)/);
  const document = visit(parse(sdl), {
    ObjectTypeDefinition: types,
    InputObjectTypeDefinition: types,
    EnumTypeDefinition: types,
    UnionTypeDefinition: types,
    FieldDefinition: drop(/^(acme|openAcme|closeAcme|installAcme)/),
    EnumValueDefinition: drop(/^ACME_/),
  });
  return print(document);
}

describe('a partner’s plugin that is switched off', () => {
  it('takes its own types, fields and enum members with it, and nothing else (CORE-37)', async () => {
    const on = await schemaWith(['compute', acmePath]);
    const off = await schemaWith(['compute']);
    expect(on).toContain('acmeSupportCases');
    expect(on).toContain('ACME_CASE_ALREADY_OPEN');
    expect(off).not.toMatch(/acme/i);
    expect(withoutAcme(on)).toBe(off);
  });
});
