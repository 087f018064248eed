/** The only bridge into the window: it can ask for a line to the engine, nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('bandejaShell', {
  kind: 'electron',
  platform: process.platform,
  updatesItself: process.argv.includes('--updates-itself'),
  /** The answer is a `message` event whose data is `{type: 'bandeja:engine-port'}` and whose first port is the line. */
  requestEnginePort: () => ipcRenderer.send('engine-port-request'),
  /** A file of a message is dragged out of the window; while `dragstart` is handled. */
  startFileDrag: (sha256: string, filename: string) => ipcRenderer.send('file-drag', { sha256, filename }),
});

ipcRenderer.on('engine-port', (event) => window.postMessage({ type: 'bandeja:engine-port' }, location.origin, event.ports));
