import type { Schema } from '../define-crd.ts';
import {
  backendRef,
  count,
  duration,
  flag,
  groupName,
  headerName,
  kindName,
  list,
  mapList,
  object,
  objectName,
  plainBackendRef,
  port,
  preciseHostname,
  rule,
  sectionName,
  text,
} from './shared-schemas.ts';

const maxMatches = 128;
const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const set = (items: Schema, bounds: object): Schema => list(items, { 'x-kubernetes-list-type': 'set', ...bounds });
const several = (items: Schema, word: string): Schema =>
  set(items, {
    maxItems: 64,
    'x-kubernetes-validations': [
      rule(
        "!('*' in self && self.size() > 1)",
        `${word} cannot contain '*' alongside other ${word === 'AllowOrigins' ? 'origins' : 'methods'}`,
      ),
    ],
  });

const header = object({ name: headerName, value: { type: 'string', minLength: 1, maxLength: 4_096 } }, [
  'name',
  'value',
]);
const headerModifier = object({
  add: mapList('name', header, { maxItems: 16 }),
  set: mapList('name', header, { maxItems: 16 }),
  remove: set(text, { maxItems: 16 }),
});

const requestMirror: Schema = {
  ...object(
    {
      backendRef: plainBackendRef,
      percent: { ...count, minimum: 0, maximum: 100 },
      fraction: {
        ...object({ numerator: { ...count, minimum: 0 }, denominator: { ...count, default: 100, minimum: 1 } }, [
          'numerator',
        ]),
        'x-kubernetes-validations': [
          rule('self.numerator <= self.denominator', 'numerator must be less than or equal to denominator'),
        ],
      },
    },
    ['backendRef'],
  ),
  'x-kubernetes-validations': [
    rule(
      '!(has(self.percent) && has(self.fraction))',
      'Only one of percent or fraction may be specified in HTTPRequestMirrorFilter',
    ),
  ],
};

const replacement = (field: string, type: string): object[] => [
  rule(`self.type != '${type}' || has(self.${field})`, `${field} must be specified when type is set to '${type}'`),
  rule(`!has(self.${field}) || self.type == '${type}'`, `type must be '${type}' when ${field} is set`),
];
const pathModifier: Schema = {
  ...object(
    {
      type: { type: 'string', enum: ['ReplaceFullPath', 'ReplacePrefixMatch'] },
      replaceFullPath: { type: 'string', maxLength: 1_024 },
      replacePrefixMatch: { type: 'string', maxLength: 1_024 },
    },
    ['type'],
  ),
  'x-kubernetes-validations': [
    ...replacement('replaceFullPath', 'ReplaceFullPath'),
    ...replacement('replacePrefixMatch', 'ReplacePrefixMatch'),
  ],
};

const extensionRef = object({ group: groupName, kind: kindName, name: objectName }, ['group', 'kind', 'name']);
const commonFilters = {
  RequestHeaderModifier: headerModifier,
  ResponseHeaderModifier: headerModifier,
  RequestMirror: requestMirror,
  ExtensionRef: extensionRef,
};
const corsHeaders = headerName;
const httpFilters = {
  ...commonFilters,
  RequestRedirect: object({
    scheme: { type: 'string', enum: ['http', 'https'] },
    hostname: preciseHostname,
    path: pathModifier,
    port,
    statusCode: { type: 'integer', default: 302, enum: [301, 302, 303, 307, 308] },
  }),
  URLRewrite: object({ hostname: preciseHostname, path: pathModifier }),
  CORS: object({
    allowCredentials: flag,
    allowHeaders: several(corsHeaders, 'AllowHeaders'),
    allowMethods: { ...several({ type: 'string', enum: [...verbs, '*'] }, 'AllowMethods'), maxItems: 9 },
    allowOrigins: several(
      {
        type: 'string',
        minLength: 1,
        maxLength: 253,
        pattern: '(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)',
      },
      'AllowOrigins',
    ),
    exposeHeaders: set(corsHeaders, { maxItems: 64 }),
    maxAge: { ...count, default: 5, minimum: 1 },
  }),
};

/** `RequestRedirect` has its settings in `requestRedirect`; initials stay together. */
function fieldOf(type: string): string {
  return type.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
}

/** Each type of filter has its settings in the field of its name, and none in others. */
function filtersOf(shapes: Readonly<Record<string, Schema>>, unique: readonly string[], rules: object[] = []): Schema {
  const types = Object.keys(shapes);
  const fields = Object.fromEntries(types.map((type) => [fieldOf(type), shapes[type] ?? {}]));
  const filter: Schema = {
    ...object({ type: { type: 'string', enum: types }, ...fields }, ['type']),
    'x-kubernetes-validations': types.flatMap((type) => [
      rule(
        `!has(self.${fieldOf(type)}) || self.type == '${type}'`,
        `filter.${fieldOf(type)} must be nil if the filter.type is not ${type}`,
      ),
      rule(
        `has(self.${fieldOf(type)}) || self.type != '${type}'`,
        `filter.${fieldOf(type)} must be specified for ${type} filter.type`,
      ),
    ]),
  };
  return list(filter, {
    maxItems: 16,
    'x-kubernetes-validations': [
      ...rules,
      ...unique.map((type) =>
        rule(`self.filter(f, f.type == '${type}').size() <= 1`, `${type} filter cannot be repeated`),
      ),
    ],
  });
}

const httpFilterList = filtersOf(
  httpFilters,
  ['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'],
  [
    rule(
      "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
      'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both',
    ),
  ],
);
const grpcFilterList = filtersOf(commonFilters, ['RequestHeaderModifier', 'ResponseHeaderModifier']);

const literal = "self.type in ['Exact', 'PathPrefix']";
const forbidden = (expression: string, words: string): object =>
  rule(`${literal} ? ${expression} : true`, `${words} when type one of ['Exact', 'PathPrefix']`);
const pathMatch: Schema = {
  ...object({
    type: { type: 'string', default: 'PathPrefix', enum: ['Exact', 'PathPrefix', 'RegularExpression'] },
    value: { type: 'string', default: '/', maxLength: 1_024 },
  }),
  default: { type: 'PathPrefix', value: '/' },
  'x-kubernetes-validations': [
    forbidden("self.value.startsWith('/')", "value must be an absolute path and start with '/'"),
    ...['//', '/./', '/../', '%2f', '%2F', '#'].map((part) =>
      forbidden(`!self.value.contains('${part}')`, `must not contain '${part}'`),
    ),
    ...['/..', '/.'].map((end) => forbidden(`!self.value.endsWith('${end}')`, `must not end with '${end}'`)),
    rule(
      `${literal} ? self.value.matches(r"""^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$""") : true`,
      "must only contain valid characters (matching ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact', 'PathPrefix']",
    ),
  ],
};

const matchType: Schema = { type: 'string', default: 'Exact', enum: ['Exact', 'RegularExpression'] };
const matchList = (maxLength: number): Schema =>
  mapList(
    'name',
    object({ type: matchType, name: headerName, value: { type: 'string', minLength: 1, maxLength } }, [
      'name',
      'value',
    ]),
    { maxItems: 16 },
  );
const everything = [{ path: { type: 'PathPrefix', value: '/' } }];

/** A path's prefix can be replaced only where one prefix is matched. */
const prefixRule = (holder: string, words: string): object => {
  const replaces = `f.${holder}.path.type == 'ReplacePrefixMatch' && has(f.${holder}.path.replacePrefixMatch)`;
  const found = `exists_one(f, has(f.${holder}) && has(f.${holder}.path) && ${replaces})`;
  const onePrefix = "size(self.matches) == 1 && has(self.matches[0].path) && self.matches[0].path.type == 'PathPrefix'";
  return words === ''
    ? rule(
        `has(self.filters) && self.filters.${found} ? ${onePrefix} : true`,
        `When using ${typeOf(holder)} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
      )
    : rule(
        `has(self.backendRefs) && self.backendRefs.exists_one(b, has(b.filters) && b.filters.${found}) ? ${onePrefix} : true`,
        `${words} using ${typeOf(holder)} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified`,
      );
};

function typeOf(field: string): string {
  return field === 'urlRewrite' ? 'URLRewrite' : 'RequestRedirect';
}

/** The total over all rules; the message says less than 128, the rule lets 128 pass. */
function boundOnMatches(matchesOf: (at: number) => string): object {
  const sizes = Array.from({ length: 16 }, (_, at) => `(self.size() > ${at} ? ${matchesOf(at)} : 0)`);
  return rule(
    `${sizes.join(' + ')} <= ${maxMatches}`,
    `While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a route must be less than ${maxMatches}`,
  );
}

export const httpRules: Schema = list(
  {
    ...object({
      name: sectionName,
      matches: list(
        object({
          path: pathMatch,
          headers: matchList(4_096),
          queryParams: matchList(1_024),
          method: { type: 'string', enum: verbs },
        }),
        { maxItems: 64, default: everything },
      ),
      filters: httpFilterList,
      backendRefs: list(backendRef({ filters: httpFilterList }), { maxItems: 16 }),
      timeouts: {
        ...object({ request: duration, backendRequest: duration }),
        'x-kubernetes-validations': [
          rule(
            "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
            'backendRequest timeout cannot be longer than request timeout',
          ),
        ],
      },
    }),
    'x-kubernetes-validations': [
      rule(
        'has(self.backendRefs) && size(self.backendRefs) > 0 && has(self.filters) ? self.filters.all(f, !has(f.requestRedirect)) : true',
        'RequestRedirect filter must not be used together with backendRefs',
      ),
      prefixRule('requestRedirect', ''),
      prefixRule('urlRewrite', ''),
      prefixRule('requestRedirect', 'Within backendRefs, when'),
      prefixRule('urlRewrite', 'Within backendRefs, When'),
    ],
  },
  {
    minItems: 1,
    maxItems: 16,
    default: [{ matches: everything }],
    'x-kubernetes-validations': [boundOnMatches((at) => `self[${at}].matches.size()`)],
  },
);

const exactMethod = "!has(self.type) || self.type == 'Exact'";
const callPart = (part: string, pattern: string): object =>
  rule(
    `(${exactMethod}) && has(self.${part}) ? self.${part}.matches(r"""${pattern}""") : true`,
    `${part} must only contain valid characters (matching ${pattern})`,
  );

export const grpcRules: Schema = list(
  object({
    name: sectionName,
    matches: list(
      object({
        headers: matchList(4_096),
        method: {
          ...object({
            type: matchType,
            service: { type: 'string', maxLength: 1_024 },
            method: { type: 'string', maxLength: 1_024 },
          }),
          'x-kubernetes-validations': [
            rule(
              'has(self.type) ? has(self.service) || has(self.method) : true',
              "One or both of 'service' or 'method' must be specified",
            ),
            callPart('service', '^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$'),
            callPart('method', '^[A-Za-z_][A-Za-z_0-9]*$'),
          ],
        },
      }),
      { maxItems: 64 },
    ),
    filters: grpcFilterList,
    backendRefs: list(backendRef({ filters: grpcFilterList }), { maxItems: 16 }),
  }),
  {
    maxItems: 16,
    'x-kubernetes-validations': [boundOnMatches((at) => `(has(self[${at}].matches) ? self[${at}].matches.size() : 0)`)],
  },
);
