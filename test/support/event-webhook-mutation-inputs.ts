import type { MutationWorld } from './mutation-inputs.ts';

type Row = (world: MutationWorld) => Promise<object>;

let made = 0;
/** Of what never happens, so that nobody is told. */
const wanted = () => {
  made += 1;
  return {
    displayName: `Hook ${made}`,
    url: `https://hooks.example.com/${made}`,
    subscription: 'subscription { operationRecordChanges(filter: { actions: ["nothing"] }) { type record { id } } }',
  };
};

async function make(world: MutationWorld): Promise<string> {
  const fields = 'eventWebhook { id }';
  const { eventWebhook } = await world.mutate<{ eventWebhook: { id: string } }>('createEventWebhook', wanted(), fields);
  return eventWebhook.id;
}

/** Inputs for the mutations of event webhooks. */
export const eventWebhookMutationInputs: Readonly<Record<string, Row>> = {
  createEventWebhook: async () => wanted(),
  updateEventWebhook: async (world) => ({ id: await make(world), version: 1, displayName: 'Renamed' }),
  replayEventWebhook: async (world) => ({ id: await make(world), deadLetters: true }),
  deleteEventWebhook: async (world) => ({ id: await make(world) }),
};
