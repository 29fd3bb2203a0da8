import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { findChromium, mustSkip } from '../support/needs.ts';
import { until } from '../support/until.ts';

const executablePath = findChromium();
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(mustSkip('Chromium', executablePath !== undefined))('GraphiQL in a browser', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway();
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: flags });
    page = await browser.newPage();
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'blob:' && protocol !== 'data:' && host !== new URL(gateway.url).host)
        foreign.push(request.url());
    });
    await page.goto(`${gateway.url}/graphql`);
    await page.waitForSelector('.graphiql-execute-button');
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const resultHas = (text: string) =>
    until(async () => expect(await page.textContent('.result-window')).toContain(text));

  it('answers the first example at a click and loads nothing from anywhere else', async () => {
    await page.click('.graphiql-execute-button');
    await resultHas('vote-front');
    expect(foreign).toEqual([]);
  });

  it('shows a subscription that moves when something is changed elsewhere', async () => {
    // By keyboard: the tabs can be dragged, and take a click that is too quick for the beginning of that.
    await page.locator('.graphiql-tab-button', { hasText: 'Pods' }).press('Enter');
    await page.locator('.graphiql-query-editor .view-lines', { hasText: 'podChanges' }).waitFor();
    // GraphiQL learns a little later than it shows them which operations are in the tab: a click before that asks for those of the last.
    await until(async () => {
      await page.click('.graphiql-execute-button');
      const shows = () => document.querySelector('.result-window')?.textContent?.includes('podChanges');
      await page.waitForFunction(shows, undefined, { timeout: 4_000 });
    }, 40_000);
    const { store } = gateway.cluster;
    const pods = store.resource('', 'pods');
    store.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'made-while-watching', namespace: 'shop' },
      spec: { containers: [{ name: 'c', image: 'registry.local/c:1' }] },
    });
    // GraphiQL shows the newest message alone, and the rest of the shop moves too: go on moving this pod until it is seen.
    let turn = 0;
    await until(async () => {
      const made = store.get(pods, 'shop', 'made-while-watching');
      store.update(pods, { ...made, metadata: { ...made?.metadata, labels: { turn: String(turn++) } } });
      expect(await page.textContent('.result-window')).toContain('made-while-watching');
    });
  }, 90_000);
});
