import {
  type Finding,
  type findingAreas,
  type findingStates,
  type LongshoreBuilder,
  named,
  registerEnum,
  registerQuery,
  typeRef,
} from 'longshore/sdk';

const findingRef = typeRef<Finding>('Finding');

const areas: Readonly<Record<(typeof findingAreas)[number], string>> = {
  CONFIGURATION: 'Settings.',
  DATABASE: 'The platform’s own data.',
  CLUSTER: 'A cluster, and what the gateway may do there.',
  PLUGIN: 'A configured plugin.',
};
const states: Readonly<Record<(typeof findingStates)[number], string>> = {
  OK: 'It works.',
  WARNING: 'It works in part, or might not for long.',
  FAILURE: 'It does not work.',
};

/** What works and what does not, for who runs the gateway; the same as `longshore doctor`. */
export function registerDiagnosis(builder: LongshoreBuilder): void {
  registerEnum(builder, 'FindingArea', 'What was looked at.', areas);
  registerEnum(builder, 'FindingState', 'Whether it works.', states);
  builder.objectType(findingRef, {
    description: 'One thing that was looked at. There is no secret in it.',
    fields: (t) => ({
      area: t.field({
        type: named('FindingArea'),
        description: 'What was looked at.',
        resolve: ({ area }) => area as never,
      }),
      subject: t.exposeString('subject', { description: 'Which one: the name of a cluster, plugin or setting.' }),
      state: t.field({
        type: named('FindingState'),
        description: 'Whether it works.',
        resolve: ({ state }) => state as never,
      }),
      message: t.exposeString('message', { description: 'What was found, in one sentence.' }),
      cure: t.string({
        nullable: true,
        description: 'What cures it, or would give more; null where nothing is to be done.',
        resolve: ({ cure }) => cure ?? null,
      }),
    }),
  });
  registerQuery(builder, {
    name: 'diagnosis',
    description:
      'What works, what does not and what cures it: settings, database, each cluster, each plugin. Asks all of them anew, for up to 10 s. For administrators.',
    allow: { action: 'READ', subject: 'core/Diagnosis' },
    type: [findingRef],
    resolve: async (_args, context) => [...(await context.services.diagnose())],
  });
}
