import {
  inputRef,
  type LongshoreBuilder,
  type RequestContext,
  registerMutation,
  type TokenScope,
  type ValidationIssue,
} from 'longshore/sdk';
import { serviceTokenMaxDays, serviceTokenMaxPerOwner } from '../../profile-keys/sign-in.ts';
import { tenantKey } from '../../services/tenancy/tenants.ts';
import {
  instanceOfToken,
  type ServiceTokenNode,
  serviceTokenSubject,
  toServiceTokenNode,
  usersServiceRef,
} from '../../services/users/users-service.ts';
import { findWorkspaceOrProject } from '../tenancy/find-tenant.ts';
import { findServiceToken, isServiceToken } from './load-users.ts';
import { serviceTokenRef } from './service-token.ts';

interface Made {
  readonly row: ServiceTokenNode;
  readonly value: string | undefined;
}

const tenantInput = inputRef<{ readonly id: string; readonly role: string }>('ServiceTokenTenantInput');
const maxPlaces = 100;
const dayMs = 86_400_000;

export function registerServiceTokenMutations(builder: LongshoreBuilder): void {
  builder.inputType('ServiceTokenTenantInput', {
    description: 'A workspace or project that a service token belongs to.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace or project.' }),
      role: t.string({
        required: true,
        defaultValue: 'DEVELOPER',
        description: 'What it may do there at the most; never more than you.',
      }),
    }),
  });
  registerMutation(builder, {
    name: 'createServiceToken',
    description:
      'Makes a token for an integration that acts on your behalf, with no more than you have now or later. The token is shown once, in this answer. Refused for service tokens and for administrators in somebody else’s name.',
    allow: { action: 'CREATE', subject: serviceTokenSubject },
    input: (t) => ({
      name: t.string({
        required: true,
        description: 'Unique among your tokens: letters, digits, space and `._-`, up to 63.',
      }),
      description: t.string({ required: true, defaultValue: '', description: 'What it is for, up to 256 characters.' }),
      roles: t.stringList({
        required: true,
        defaultValue: [],
        description: 'Roles of yours that it has, e.g. `DEVELOPER`; `ADMIN` is bound by no place.',
      }),
      namespaces: t.field({
        type: [inputRef<TokenScope['namespaces'][number]>('NamespacePlaceInput')],
        required: true,
        defaultValue: [],
        description: 'Namespaces where those roles hold, up to 100; `*` is every cluster.',
      }),
      tenants: t.field({
        type: [tenantInput],
        required: true,
        defaultValue: [],
        description: 'Workspaces and projects of yours that it belongs to, up to 100.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        required: true,
        description: 'When it ends: at the most `serviceToken.maxDays` of the profile from now.',
      }),
    }),
    validate: (input) => checkNewToken(input),
    load: async ({ tenants, roles, namespaces, name }, context) => {
      const found = await Promise.all(
        tenants.map(async ({ id, role }) => ({
          of: tenantKey(await findWorkspaceOrProject(String(id), context)),
          as: role,
        })),
      );
      const { principal } = context;
      return {
        value: { roles, namespaces, tenants: found } satisfies TokenScope,
        instance: { subject: serviceTokenSubject, owner: principal.id },
        record: { plugin: 'core', type: 'ServiceToken', id: name, kind: 'ServiceToken', name },
      };
    },
    check: ({ expiresAt }, scope, context) => [
      ...checkExpiry(new Date(expiresAt), context),
      ...checkRoles(scope, context),
    ],
    run: async ({ name, description, expiresAt }, scope, ticket, context) => {
      const mostOfOwner = context.services.profiles.at({}).get(serviceTokenMaxPerOwner);
      const wanted = { name, description, scope, expiresAt: new Date(expiresAt), mostOfOwner };
      const { what, value } = await context
        .service(usersServiceRef)
        .createServiceToken(context.principal, wanted, ticket);
      const row = toServiceTokenNode(what);
      return { value: { row, value } satisfies Made, resultId: row.id };
    },
    replay: (node): Made | null => (isServiceToken(node) ? { row: node, value: undefined } : null),
    success: {
      description: 'The token was made.',
      fields: (t) => ({
        token: t.string({
          nullable: true,
          description: 'The token, shown this once. Null in a dry run, and where the answer repeats an earlier one.',
          resolve: ({ value }) => value.value ?? null,
        }),
        serviceToken: t.field({
          type: serviceTokenRef,
          description: 'What is kept of it.',
          resolve: ({ value }) => value.row,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'revokeServiceToken',
    description:
      'Ends a service token: within seconds it is refused on every replica, and what is open with it is closed. One that was revoked stays so.',
    allow: { action: 'DELETE', subject: serviceTokenSubject },
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the token.' }) }),
    load: async ({ id }, context) => {
      const value = await findServiceToken(String(id), context);
      const { name } = value;
      return {
        value,
        instance: instanceOfToken(value),
        record: { plugin: 'core', type: 'ServiceToken', id: value.id, kind: 'ServiceToken', name },
      };
    },
    run: async (_input, { key, id }, ticket, context) => {
      const token = await context.service(usersServiceRef).revokeServiceToken(key, context.principal, ticket);
      return { value: toServiceTokenNode(token), resultId: id };
    },
    replay: (node): ServiceTokenNode | null => (isServiceToken(node) ? node : null),
    success: {
      description: 'The token is revoked.',
      fields: (t) => ({
        serviceToken: t.field({ type: serviceTokenRef, description: 'The token.', resolve: ({ value }) => value }),
      }),
    },
  });
}

function checkNewToken(input: {
  readonly name: string;
  readonly description: string;
  readonly roles: readonly string[];
  readonly namespaces: readonly TokenScope['namespaces'][number][];
  readonly tenants: readonly { readonly id: string | number; readonly role: string }[];
}): readonly ValidationIssue[] {
  const { name, description, roles, namespaces, tenants } = input;
  const issues: ValidationIssue[] = [];
  const refuse = (path: string, code: string, message: string) => issues.push({ path: [path], code, message });
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/.test(name)) {
    refuse(
      'name',
      'invalid_name',
      'name must be 1 to 63 letters, digits, spaces and ._-, and begin with a letter or digit',
    );
  }
  if (description.length > 256) refuse('description', 'too_long', 'description must have 256 characters at the most');
  if (roles.length > 20) refuse('roles', 'too_many', 'roles must be 20 at the most');
  for (const [path, list] of Object.entries({ namespaces, tenants })) {
    if (list.length > maxPlaces) refuse(path, 'too_many', `${path} must be ${maxPlaces} at the most`);
  }
  if (new Set(tenants.map(({ id }) => String(id))).size < tenants.length) {
    refuse('tenants', 'duplicate', 'tenants must each be named once');
  }
  if (roles.length === 0 && tenants.length === 0) {
    refuse('roles', 'required', 'roles or tenants must say what the token may do');
  }
  if (roles.includes('ADMIN') && (roles.length > 1 || namespaces.length > 0 || tenants.length > 0)) {
    refuse('roles', 'boundless', 'ADMIN is bound by no other role and no place: leave them out, or leave ADMIN out');
  }
  return issues;
}

function checkExpiry(expiresAt: Date, { clock, services }: RequestContext): readonly ValidationIssue[] {
  const days = services.profiles.at({}).get(serviceTokenMaxDays);
  const left = expiresAt.getTime() - clock.now();
  if (left > 0 && left <= days * dayMs) return [];
  return [
    {
      path: ['expiresAt'],
      code: left > 0 ? 'too_late' : 'in_the_past',
      message: `expiresAt must lie in the future, and at the most ${days} days from now`,
    },
  ];
}

/** A slip in a name must not make a token that can do nothing. */
function checkRoles({ roles, tenants }: TokenScope, { services }: RequestContext): readonly ValidationIssue[] {
  const known = services.permissions.roles;
  const refuse = (path: string, name: string) => ({
    path: [path],
    code: 'unknown_role',
    message: `There is no role '${name}'`,
  });
  return [
    ...roles.filter((name) => !known.has(name)).map((name) => refuse('roles', name)),
    ...tenants.filter(({ as }) => !known.has(as)).map(({ as }) => refuse('tenants', as)),
  ];
}
