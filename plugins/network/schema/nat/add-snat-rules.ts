import { descriptionText } from 'longshore/plugins/core';
import {
  AnswerError,
  answerOf,
  type ChangedThing,
  checkText,
  errorRef,
  type FieldBuilder,
  type InputTypeRef,
  idOfObject,
  inputRef,
  isOfKind,
  type KubeObject,
  type LongshoreBuilder,
  type MutationSuccess,
  NotFoundError,
  parseGlobalId,
  type RequestContext,
  readObject,
  registerMutation,
  subjectOf,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import { snatRuleTypeRef } from '../../api.ts';
import { eipKind, natGatewayKind, type SnatRuleObject, snatRuleKind } from '../../services/nat/nat-kinds.ts';
import { natNames } from '../../services/nat/nat-manifests.ts';
import { loadOvn, loadOwned, profileOf } from '../../services/nat/nat-targets.ts';
import { planSnatRules, type WantedSnat } from '../../services/nat/plan-snat-rules.ts';
import { subnetKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { idOfKind, requireMaking } from './make-one.ts';

/** Most rules of one request. */
const mostRules = 100;

interface RuleInput {
  readonly natGatewayId: string;
  readonly subnetId: string;
  readonly elasticIpId?: string | null | undefined;
  readonly description?: string | null | undefined;
}

interface RuleResult {
  readonly rule: SnatRuleObject | null;
  readonly error?: AnswerError;
}

const ruleInputRef: InputTypeRef<RuleInput> = inputRef<RuleInput>('SnatRuleInput');
const resultRef: TypeRef<RuleResult> = typeRef<RuleResult>('SnatRuleResult');

/** Letting subnets out, over several gateways at once (NET-36). */
export function registerAddSnatRules(builder: LongshoreBuilder): void {
  builder.inputType('SnatRuleInput', {
    description: 'An SNAT rule (scenario VPC, type subnet).',
    fields: (t) => ({
      natGatewayId: t.id({ required: true, description: 'The gateway.' }),
      subnetId: t.id({ required: true, description: "The subnet that goes out by it, of the gateway's VPC." }),
      elasticIpId: t.id({
        description:
          "The elastic IP, one of the gateway; the gateway's own, else another that can be shared, where it is not set.",
      }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
    }),
  });
  builder.objectType(resultRef, {
    description: 'What became of one of several SNAT rules.',
    fields: (t) => ({
      ok: t.boolean({
        description: 'Whether it was made, or in a dry run would be.',
        resolve: ({ rule }) => rule !== null,
      }),
      snatRule: t.field({
        type: snatRuleTypeRef,
        nullable: true,
        description: 'The rule; null where it was not made.',
        resolve: ({ rule }) => rule,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not made; null where it was.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
  registerMutation(builder, {
    name: 'addSnatRules',
    description:
      'Lets subnets out by NAT gateways: several rules of several gateways at once, each with its own result (NET-36). All are checked before the first is made. A subnet that has a rule, or an elastic IP of which all ports lead to one instance, answers an `InUseError` (NET-35).',
    allow: { action: 'UPDATE', subject: subjectOf(natGatewayKind) },
    input: (t) => ({
      rules: t.field({ type: [ruleInputRef], required: true, description: `The rules, 1 to ${mostRules}.` }),
    }),
    validate: ({ rules }) => {
      if (rules.length >= 1 && rules.length <= mostRules) return [];
      const message = `rules must have 1 to ${mostRules} entries, got ${rules.length}`;
      return [{ path: ['rules'], code: rules.length < 1 ? 'too_small' : 'too_big', message }];
    },
    load: async ({ rules }, context) => {
      const wanted = await Promise.all(
        (rules as unknown as readonly RuleInput[]).map(async (rule): Promise<WantedSnat> => {
          const [gateway, subnet, eip] = await Promise.all([
            loadOvn(String(rule.natGatewayId), natGatewayKind, context),
            loadOvn(String(rule.subnetId), subnetKind, context),
            rule.elasticIpId ? loadOvn(String(rule.elasticIpId), eipKind, context) : undefined,
          ]);
          return { gateway: gateway.value, subnet: subnet.value, eip: eip?.value, description: rule.description };
        }),
      );
      const { natGatewayId } = (rules as unknown as readonly RuleInput[])[0] ?? { natGatewayId: '' };
      const target = await loadOwned(String(natGatewayId), natGatewayKind, 'NAT_GATEWAY', context);
      return { ...target, value: wanted };
    },
    check: (_input, wanted: readonly WantedSnat[], context) =>
      wanted.flatMap(({ gateway, description }, index) =>
        checkText(profileOf(gateway, context).get(descriptionText), ['rules', index, 'description'], description ?? ''),
      ),
    run: async (_input, wanted: readonly WantedSnat[], ticket, context) => {
      const plans = await planSnatRules(wanted, context);
      for (const { gateway } of wanted) {
        context.access.requireAllowed('UPDATE', gateway as KubeObject);
        requireMaking(snatRuleKind, gateway.metadata.name, gateway, context);
      }
      const results: RuleResult[] = [];
      const recorded: ChangedThing[] = [];
      const warnings: string[] = [];
      for (const { cluster, manifest } of plans) {
        try {
          const writer = context.cluster(cluster).writer(context.principal);
          const { object, warnings: told } = await writer.create(ticket, snatRuleKind, manifest);
          results.push({ rule: object });
          recorded.push({ before: undefined, after: object, object: idOfObject(object) });
          warnings.push(...told);
        } catch (error) {
          if (!(error instanceof AnswerError) || plans.length === 1) throw error;
          results.push({ rule: null, error });
        }
      }
      const failed = results.find(({ error }) => error);
      if (failed?.error && results.every(({ rule }) => rule === null)) throw failed.error;
      const made = plans[results.findIndex(({ rule }) => rule !== null)];
      const after = results.flatMap(({ rule }) => rule ?? [])[0];
      return {
        value: results,
        resultId: idOfKind(made?.cluster ?? '', snatRuleKind, made?.name ?? ''),
        before: undefined,
        after,
        recorded,
        warnings,
      };
    },
    replay: async (node, context, { rules }): Promise<readonly RuleResult[] | null> =>
      isOfKind(node, snatRuleKind)
        ? Promise.all((rules as unknown as readonly RuleInput[]).map((rule) => readAgain(rule, context)))
        : null,
    success: {
      description: 'What could be made is made.',
      fields: (t: FieldBuilder<MutationSuccess<readonly RuleResult[]>>) => ({
        results: t.field({
          type: [resultRef],
          description:
            'What became of each rule, in the order of the input. Where the answer is given again by its idempotency key, as the rules are now: NOT_FOUND for one that is not there.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
  });
}

/** A rule that a request asked for before, as it is now: its name is made of its gateway and its subnet. */
async function readAgain({ natGatewayId, subnetId }: RuleInput, context: RequestContext): Promise<RuleResult> {
  const [gateway, subnet] = [natGatewayId, subnetId].map((id) => parseGlobalId(String(id)));
  const missing = (): RuleResult => ({ rule: null, error: new NotFoundError('There is no such SNAT rule') });
  if (gateway?.of !== 'kubernetes' || subnet?.of !== 'kubernetes') return missing();
  const name = natNames.snat(gateway.name, subnet.name);
  const rule = await readObject(context, snatRuleKind, gateway.cluster, undefined, name);
  return rule ? { rule } : missing();
}
