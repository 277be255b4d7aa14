
# shellcheck shell=bash
# Sets _pftop_argument to what the option $1 takes; fails where it takes nothing.
_pftop_takes()
{
	local entry key name

	for entry in "${_pftop_options[@]}"; do
		IFS='|' read -r _ key name _pftop_argument _ <<<"$entry"
		[[ $1 == "$key" || $1 == "$name" ]] && [[ $_pftop_argument ]] && return
	done
	_pftop_argument=
	return 1
}

# Sets _pftop_command and _pftop_dashes from the words before the cursor.
_pftop_look()
{
	local i entry

	_pftop_command=live _pftop_dashes=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			_pftop_dashes=$i
			return
		elif _pftop_takes "${COMP_WORDS[i]}"; then
			i=$((i + 1))
			[[ ${COMP_WORDS[i]} == = ]] && i=$((i + 1))
		elif [[ $_pftop_command == live ]]; then
			for entry in "${_pftop_commands[@]}"; do
				[[ ${entry%%|*} == "${COMP_WORDS[i]}" ]] &&
					_pftop_command=${entry%%|*}
			done
		fi
	done
}

_pftop_reply()
{
	mapfile -t COMPREPLY < <(compgen "$@")
}

_pftop_files()
{
	compopt -o filenames 2>/dev/null
	_pftop_reply -f -- "$1"
}

# Words of which several may be given, with commas between.
_pftop_list()
{
	local before=

	[[ $2 == *,* ]] && before=${2%,*},
	_pftop_reply -P "$before" -W "$1" -- "${2##*,}"
	compopt -o nospace 2>/dev/null
}

_pftop_value()
{
	local kind=${_pftop_argument%%[*} entry words=

	for entry in "${_pftop_values[@]}"; do
		[[ ${entry%%|*} == "$kind" ]] && words=${entry#*|}
	done
	case $kind in
	PID)
		words=$(cd /proc && printf '%s ' [1-9]*)
		;;
	NAME)
		mapfile -t COMPREPLY < <(compgen -W "$(cat /proc/[1-9]*/comm 2>/dev/null |
			grep -v '[^[:alnum:]_.:-]')" -- "$1" | sort -u)
		return
		;;
	FILE | DIR | GLOB)
		_pftop_files "$1"
		return
		;;
	esac
	[[ $words ]] || return
	if [[ $_pftop_argument == *'[,'* ]]; then
		_pftop_list "$words" "$1"
	else
		_pftop_reply -W "$words" -- "$1"
	fi
}

_pftop_words()
{
	local entry commands key name words=

	for entry in "${_pftop_options[@]}"; do
		IFS='|' read -r commands key name _ <<<"$entry"
		[[ " $commands " == *" $_pftop_command "* ]] ||
			[[ $_pftop_command == live && " $commands " == *' run '* ]] || continue
		words+=" $key $name"
	done
	[[ $_pftop_command == live || $_pftop_command == record ]] && words+=' --'
	_pftop_reply -W "$words" -- "$1"
}

_pftop()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local _pftop_argument _pftop_command _pftop_dashes

	COMPREPLY=()
	_pftop_look
	if ((_pftop_dashes)); then
		if declare -F _comp_command_offset >/dev/null; then
			_comp_command_offset $((_pftop_dashes + 1))
		elif declare -F _command_offset >/dev/null; then
			_command_offset $((_pftop_dashes + 1))
		elif ((COMP_CWORD == _pftop_dashes + 1)); then
			_pftop_reply -c -- "$cur"
		else
			_pftop_files "$cur"
		fi
		return
	fi
	# bash takes --class=minor for three words.
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if _pftop_takes "$prev"; then
		_pftop_value "$cur"
	elif [[ $cur == -* ]]; then
		_pftop_words "$cur"
	elif [[ $_pftop_command == live ]]; then
		_pftop_reply -W "${_pftop_commands[*]%%|*}" -- "$cur"
	elif [[ $_pftop_command == report ]]; then
		_pftop_files "$cur"
	fi
}

complete -F _pftop pftop
