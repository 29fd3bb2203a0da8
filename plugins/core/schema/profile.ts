import {
  clusterRef,
  defineList,
  describeTextRule,
  type LongshoreBuilder,
  matchesText,
  origin,
  type Profile,
  type ProfileLimit,
  registerList,
  registerQuery,
  type StringFilter,
  type TextRule,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import { namespaceTypeRef, workspaceTypeRef } from '../api.ts';
import { profileOfWorkspace, profileProblem } from '../services/tenancy/profile-of-workspace.ts';

const allow = { public: 'Forms must know the limits that they are held to, whoever fills them in' } as const;

const profileRef: TypeRef<Profile> = typeRef<Profile>('Profile');
const limitRef: TypeRef<ProfileLimit> = typeRef<ProfileLimit>('ProfileLimit');

/** Limits, name rules, choices and switches by profile, so that forms can follow them. */
export function registerProfile(builder: LongshoreBuilder): void {
  const limit = registerLimit(builder);
  const profile = profileRef;
  builder.objectType(profile, {
    description: 'A named set of limits, name rules, choices and switches that clusters and workspaces carry.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, e.g. `default`.' }),
      title: t.exposeString('title', { description: 'Its name for people.' }),
      description: t.string({
        nullable: true,
        description: 'What it is for.',
        resolve: (row) => row.description ?? null,
      }),
      extends: t.field({
        type: profile,
        nullable: true,
        description: 'The profile whose values hold where this one sets none; null for `default` alone.',
        resolve: (row, _args, { services }) =>
          row.extends === undefined ? null : (services.profiles.get(row.extends) ?? null),
      }),
      limits: t.field({
        type: [limit],
        description: 'Every value in force, in the order of their names; only of plugins that run.',
        args: {
          names: t.arg.stringList({ description: 'Only these, e.g. `replicas.max`; unknown names are left out.' }),
        },
        resolve: ({ limits }, { names }) =>
          names ? limits.filter(({ key }) => names.includes(key.name)) : [...limits],
      }),
    }),
  });
  builder.objectField(clusterRef, 'profile', (t) =>
    t.field({
      type: profile,
      description: 'The limits, name rules and switches in force in this cluster.',
      resolve: ({ name }, _args, { services }) => services.profiles.at({ cluster: name }),
    }),
  );
  builder.objectField(namespaceTypeRef, 'profile', (t) =>
    t.field({
      type: profile,
      description:
        'The limits, name rules and switches in force in this namespace: of its workspace, else of its cluster.',
      resolve: ({ metadata: { name }, [origin]: { cluster } }, _args, { services }) =>
        services.profiles.at({ cluster, namespace: name }),
    }),
  );
  builder.objectField(workspaceTypeRef, 'profileProblem', (t) =>
    t.string({
      nullable: true,
      description:
        'What is wrong with the profile that it carries: one that the settings name no more. Nothing can be changed in its namespaces and projects until it is given another. Null where all is well.',
      resolve: (workspace, _args, { services }) => profileProblem(services.profiles, workspace) ?? null,
    }),
  );
  builder.objectField(namespaceTypeRef, 'unknownProfile', (t) =>
    t.string({
      nullable: true,
      description:
        'Name of the profile that its workspace carries and that is not there any more: nothing can be changed in it until the workspace is given another. Null where all is well.',
      resolve: ({ metadata: { name }, [origin]: { cluster } }, _args, { services }) =>
        services.profiles.unknownAt({ cluster, namespace: name }) ?? null,
    }),
  );
  builder.objectField(workspaceTypeRef, 'limits', (t) =>
    t.field({
      type: [limit],
      description:
        'Every value that the workspace itself is held to: of the profile that it carries, else of the platform’s.',
      args: {
        names: t.arg.stringList({ description: 'Only these, e.g. `workspace.zones.max`; unknown names are left out.' }),
      },
      resolve: (workspace, { names }, { services }) => {
        const { limits } = profileOfWorkspace(services.profiles, workspace);
        return names ? limits.filter(({ key }) => names.includes(key.name)) : [...limits];
      },
    }),
  );
  registerProfileFields(builder, profile);
}

function registerProfileFields(builder: LongshoreBuilder, profile: ReturnType<typeof typeRef<Profile>>): void {
  const list = defineList(builder, {
    name: 'Profile',
    node: profile,
    plural: 'profiles',
    filter: (t) => ({ name: t.field({ type: 'StringFilter' as never, description: 'Test of the name.' }) }),
    matches:
      ({ name }) =>
      (row) =>
        matchesText(name as StringFilter | undefined, row.name),
    orders: { NAME: { description: 'By name.', value: (row) => row.name } },
    place: ({ name }) => ({ cluster: '', namespace: '', name }),
  });
  registerList(builder, {
    name: 'profiles',
    description: 'Every profile: the built-in ones, those of plugins and those of the configuration.',
    allow,
    list,
    rows: (_args, { services }) => ({ items: services.profiles.all }),
  });
  registerQuery(builder, {
    name: 'profile',
    description: 'One profile by name; null where there is none.',
    allow,
    type: profile,
    nullable: true,
    args: (t) => ({ name: t.string({ required: true, description: 'Its name.' }) }),
    resolve: ({ name }, { services }) => services.profiles.get(name) ?? null,
  });
}

function registerLimit(builder: LongshoreBuilder) {
  const limit = limitRef;
  builder.objectType(limit, {
    description: 'One value of a profile: a limit, a name rule, a choice or a switch.',
    fields: (t) => ({
      name: t.string({ description: 'Its name, e.g. `replicas.max`.', resolve: ({ key }) => key.name }),
      value: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'The value: a number, text, true or false, a list of them, or the map of a text rule (`min`, `max`, `pattern`, `says`, `notStartingWith`, `examples`, and `within` for a rule that must hold besides); null for no limit.',
        resolve: ({ value }) => value,
      }),
      text: t.string({ description: 'The value in words, without its unit.', resolve: ({ value }) => textOf(value) }),
      unit: t.string({
        nullable: true,
        description: 'What a number counts, e.g. `pods` or `seconds`; null for everything else.',
        resolve: ({ key }) => key.unit ?? null,
      }),
      description: t.string({ description: 'What it decides.', resolve: ({ key }) => key.description }),
      sources: t.stringList({
        description: 'Requirements it comes from, e.g. `CON-01`.',
        resolve: ({ key }) => [...key.sources],
      }),
      plugin: t.exposeString('plugin', { description: 'The plugin that declares it.' }),
      setBy: t.string({
        nullable: true,
        description:
          "Name of the profile that sets it: this one, or one that it extends; null where the plugin's default holds.",
        resolve: ({ setBy }) => setBy ?? null,
      }),
    }),
  });
  return limit;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join(', ');
  if (typeof value === 'object') return isTextRule(value) ? describeTextRule(value) : JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function isTextRule(value: object): value is TextRule {
  return 'min' in value && 'max' in value && 'examples' in value;
}
