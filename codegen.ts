import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for tests and client examples, from the committed SDL. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'test/operations/**/*.graphql',
  generates: {
    'test/typed/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        skipTypename: false,
        documentMode: 'documentNode',
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        scalars: {
          DateTime: 'string',
          Quantity: 'string',
          SafeInt: 'number',
          BigInt: 'string',
          IntOrString: 'number | string',
          JSON: 'unknown',
          Cursor: 'string',
        },
      },
    },
  },
};

export default config;
