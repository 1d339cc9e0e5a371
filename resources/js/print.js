// data-print opens the browser's own print dialog.
document.addEventListener('click', (e) => {
  if (e.target.closest?.('[data-print]')) window.print()
})
