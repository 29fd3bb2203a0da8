import {
  type LongshoreBuilder,
  namespacesOf,
  type Principal,
  RequestError,
  registerQuery,
  typeRef,
} from 'longshore/sdk';
import { toServiceTokenNode, usersServiceRef } from '../services/users/users-service.ts';
import { namespaceScopeRef } from './namespace-scope.ts';
import { principalNameRef } from './principal-name.ts';
import { serviceTokenRef } from './users/service-token.ts';
import { signInMethodRef } from './users/sign-in-method.ts';

interface CanArguments {
  readonly action: string;
  readonly subject: string;
  readonly cluster?: string | null;
  readonly namespace?: string | null;
}

/** Who asks: what a console greets by name and hides menus by. */
export function registerViewer(builder: LongshoreBuilder): void {
  const kind = builder.enumType('PrincipalKind', {
    description: 'What kind of caller it is.',
    values: {
      USER: { description: 'A person.' },
      TOKEN: { description: 'A token of the gateway’s own.' },
      SERVICE_ACCOUNT: { description: 'A service account of a cluster.' },
      SYSTEM: { description: 'The platform itself.' },
    } as const,
  });
  builder.objectType(namespaceScopeRef, {
    description: 'A namespace that somebody may work in.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of the cluster, or `*` for every cluster.' }),
      namespace: t.exposeString('namespace', { description: 'Name of the namespace.' }),
    }),
  });
  const viewer = typeRef<Principal>('Viewer');
  builder.objectType(viewer, {
    description: 'You, as the gateway knows you from your token.',
    fields: (t) => ({
      id: t.exposeString('id', {
        description: 'Stable over sessions, unique over all ways of signing in. No global id.',
      }),
      name: t.exposeString('name', { description: 'What records and consoles show.' }),
      kind: t.field({
        type: kind,
        description: 'What kind of caller you are.',
        resolve: (principal) => principal.kind,
      }),
      roles: t.stringList({
        description:
          'Names of your roles on the platform; what you are in tenants that you belong to is not among them.',
        resolve: (principal) => [...principal.roles],
      }),
      groups: t.stringList({
        description: 'Your groups, as the identity provider or the token’s settings say.',
        resolve: (principal) => [...principal.groups],
      }),
      namespaces: t.field({
        type: [namespaceScopeRef],
        description: 'Where you may see and act; an ADMIN is not bound by it.',
        resolve: (principal) => [...namespacesOf(principal)],
      }),
      can: t.boolean({
        description:
          'Whether you may do this to what need not be there yet, by the same rules that guard the mutation: in a place, or, where none is named, anywhere at all. Of what is there, ask `viewerCan`.',
        args: {
          action: t.arg({ type: 'Action' as never, required: true, description: 'What to do.' }),
          subject: t.arg.string({
            required: true,
            description: 'To what: group and kind, or plugin and type, e.g. `apps/Deployment` or `core/Workspace`.',
          }),
          cluster: t.arg.string({ description: 'Name of the cluster where it would lie.' }),
          namespace: t.arg.string({ description: 'Namespace where it would lie; needs the cluster.' }),
        },
        resolve: (_principal, args, { access }) => {
          const { action, subject, cluster, namespace } = args as CanArguments;
          if (!/^[a-z0-9][a-z0-9.-]{0,200}\/[A-Za-z][A-Za-z0-9]{0,62}$/.test(subject)) {
            throw new RequestError('BAD_USER_INPUT', 'subject must be group/Kind or plugin/Type');
          }
          if (namespace && !cluster) throw new RequestError('BAD_USER_INPUT', 'namespace needs cluster');
          if (!cluster) return access.mayEver(action, subject);
          const place = { subject, cluster, ...(namespace ? { namespace } : {}) };
          return access.allowed(action, place);
        },
      }),
      canCall: t.boolean({
        description: 'Whether there could be anything on which you may call this mutation: what menus are hidden by.',
        args: {
          mutation: t.arg.string({ required: true, description: 'Name of the mutation, e.g. `scaleWorkload`.' }),
        },
        resolve: (_principal, { mutation }, { access, services }) => {
          const guard = services.registry.rootFields.get(`Mutation.${mutation}`)?.guard;
          if (!guard) throw new RequestError('BAD_USER_INPUT', `There is no mutation '${mutation.slice(0, 80)}'`);
          return 'public' in guard || guard.subjects.some((subject) => access.mayEver(guard.action, subject));
        },
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When your token ends; null where it does not.',
        resolve: (principal) => principal.expiresAt ?? null,
      }),
      method: t.field({
        type: signInMethodRef,
        nullable: true,
        description: 'How you have signed in.',
        resolve: ({ session }) => session?.method ?? null,
      }),
      owner: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'On whose behalf you act, where you are a service token.',
        resolve: ({ owner }) => owner ?? null,
      }),
      impersonatedBy: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'The administrator who acts as you now; a console says so all the time.',
        resolve: ({ impersonatedBy }) => impersonatedBy ?? null,
      }),
      serviceToken: t.field({
        type: serviceTokenRef,
        nullable: true,
        description: 'What is kept of the service token that you are, its scope included; null where you are none.',
        resolve: async ({ id, owner }, _args, context) => {
          if (!owner) return null;
          // Whoever holds it may see what it is, and nothing else of its owner’s.
          const token = await context.service(usersServiceRef).serviceToken(id.slice('service-token:'.length));
          return token ? toServiceTokenNode(token) : null;
        },
      }),
    }),
  });
  registerQuery(builder, {
    name: 'viewer',
    description: 'Who you are to the gateway.',
    allow: { public: 'Everybody may know who they are' },
    type: viewer,
    resolve: (_args, context) => context.principal,
  });
}
