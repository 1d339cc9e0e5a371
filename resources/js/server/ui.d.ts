import type { Edge } from 'edge.js'
export function registerUi(edge: Edge): Edge
export function ico(name: string, classes?: string, title?: string): { value: string }
export function pill(kind: string, label: string, icon?: string): { value: string }
export function ago(this: any, value: unknown): { value: string }
export function jsonData(value: unknown): { value: string }
export function isoTime(value: unknown): string
