// Pages for somebody without an account: a drawn signature goes along as one of the form's files.

for (const input of document.querySelectorAll('input[type="file"]')) {
  input.addEventListener("attach", (event) => {
    const bag = new DataTransfer();
    for (const file of [...input.files, ...event.detail]) bag.items.add(file);
    input.files = bag.files;
  });
}
