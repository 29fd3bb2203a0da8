import { createServer, type Server } from 'node:http';
import { sendText } from '../http/send-error.ts';
import { StartError } from '../start-error.ts';
import type { Metrics } from './create-metrics.ts';

/** Metrics without a token on a port of their own, on the loopback interface only. */
export function serveMetricsPort(port: number, metrics: Metrics): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return sendText(response, 404, 'Not found');
    metrics.scrape().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => sendText(response, 500, 'metrics could not be read'),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new StartError(`Port ${port} for metrics is taken (metrics.port).`, { cause: error })),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
