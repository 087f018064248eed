/** The only bridge into the window: it can ask for a line to the engine, nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('bandejaShell', {
  kind: 'electron',
  platform: process.platform,
  /** The answer is a `message` event whose data is `{type: 'bandeja:engine-port'}` and whose first port is the line. */
  requestEnginePort: () => ipcRenderer.send('engine-port-request'),
});

ipcRenderer.on('engine-port', (event) => window.postMessage({ type: 'bandeja:engine-port' }, location.origin, event.ports));
