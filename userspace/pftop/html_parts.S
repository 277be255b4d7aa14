/* SPDX-License-Identifier: GPL-2.0 */
/* The two parts of the page of a report, which html/embed.sh made. */

	.section .rodata

	.globl html_head
	.globl html_head_end
html_head:
	.incbin "head"
html_head_end:

	.globl html_tail
	.globl html_tail_end
html_tail:
	.incbin "tail"
html_tail_end:

	.section .note.GNU-stack, "", %progbits
